import type { RefObject } from 'react';
import { IconButton } from '../ui/IconButton.tsx';
import { describeSearch, type LogSearch } from './use-log-search.ts';

/** The actions of a log, which its buttons and keys call. */
export interface LogActions {
  search: LogSearch;
  searchField: RefObject<HTMLInputElement | null>;
  times: boolean;
  wrapped: boolean;
  wholeProgress: boolean;
  following: boolean;
  growing: boolean;
  allFolded: boolean;
  /** The result of the last action, or why it failed; announced once. */
  notice: string;
  stepHit(by: 1 | -1): void;
  firstError(): void;
  foldAll(): void;
  toggleTimes(): void;
  toggleWrap(): void;
  toggleProgress(): void;
  toStart(): void;
  toEnd(): void;
  copy(): void;
  download(): void;
}

/** The buttons above a log, in groups: search, errors, what is shown of each line, where to, what to take along. */
export function LogToolbar({ actions }: { actions: LogActions }) {
  return (
    <div className="log-toolbar">
      <SearchForm actions={actions} />
      <div className="log-buttons">
        <IconButton icon="error" label="First error" shortcut="e" onClick={actions.firstError} />
      </div>
      <div className="log-buttons">
        <IconButton
          icon={actions.allFolded ? 'unfold' : 'fold'}
          label={actions.allFolded ? 'Unfold all' : 'Fold all'}
          shortcut="f"
          onClick={actions.foldAll}
        />
        <IconButton icon="clock" label="Times" shortcut="t" pressed={actions.times} onClick={actions.toggleTimes} />
        <IconButton icon="wrap" label="Wrap" shortcut="w" pressed={actions.wrapped} onClick={actions.toggleWrap} />
        <IconButton
          icon="progress"
          label="All progress"
          pressed={actions.wholeProgress}
          onClick={actions.toggleProgress}
        />
      </div>
      <div className="log-buttons">
        <IconButton icon="to-start" label="Start" shortcut="g" onClick={actions.toStart} />
        {actions.growing ? (
          <IconButton icon="follow" label="Follow" shortcut="G" pressed={actions.following} onClick={actions.toEnd} />
        ) : (
          <IconButton icon="to-end" label="End" shortcut="G" onClick={actions.toEnd} />
        )}
      </div>
      <div className="log-buttons">
        <IconButton icon="copy" label="Copy" shortcut="y" onClick={actions.copy} />
        <IconButton icon="download" label="Download" onClick={actions.download} />
      </div>
      <p className="log-notice" role="status">
        {actions.notice}
      </p>
    </div>
  );
}

function SearchForm({ actions }: { actions: LogActions }) {
  const { search } = actions;
  const { query } = search;
  return (
    <search className="log-search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          actions.stepHit(1);
        }}
      >
        <input
          ref={actions.searchField}
          type="search"
          aria-label="Search the log"
          placeholder="Search the log  /"
          value={query.text}
          maxLength={1000}
          spellCheck={false}
          onChange={(event) => search.setQuery({ ...query, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !event.shiftKey) return;
            event.preventDefault();
            actions.stepHit(-1);
          }}
        />
        <IconButton
          icon="regex"
          label="Regular expression"
          pressed={query.regex}
          onClick={() => search.setQuery({ ...query, regex: !query.regex })}
        />
        <IconButton icon="chevron-up" label="Previous hit" shortcut="N" onClick={() => actions.stepHit(-1)} />
        <IconButton icon="chevron-down" label="Next hit" shortcut="n" onClick={() => actions.stepHit(1)} />
        <output className="log-found" aria-live="polite">
          {describeSearch(search)}
        </output>
      </form>
    </search>
  );
}
