import type { ReactNode, RefObject } from 'react';
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

/** The buttons above a log. */
export function LogToolbar({ actions }: { actions: LogActions }) {
  const { search } = actions;
  const { query } = search;
  return (
    <div className="log-toolbar">
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
          <Toggle
            on={query.regex}
            act={() => search.setQuery({ ...query, regex: !query.regex })}
            label="Regular expression"
          >
            .*
          </Toggle>
          <Act act={() => actions.stepHit(-1)} label="Previous hit">
            ↑
          </Act>
          <Act act={() => actions.stepHit(1)} label="Next hit">
            ↓
          </Act>
          <output className="log-found" aria-live="polite">
            {describeSearch(search)}
          </output>
        </form>
      </search>
      <div className="log-buttons">
        <Act act={actions.firstError}>First error</Act>
        <Act act={actions.foldAll}>{actions.allFolded ? 'Unfold all' : 'Fold all'}</Act>
        <Toggle on={actions.times} act={actions.toggleTimes}>
          Times
        </Toggle>
        <Toggle on={actions.wrapped} act={actions.toggleWrap}>
          Wrap
        </Toggle>
        <Toggle on={actions.wholeProgress} act={actions.toggleProgress}>
          All progress
        </Toggle>
        <Act act={actions.toStart}>Start</Act>
        {actions.growing ? (
          <Toggle on={actions.following} act={actions.toEnd}>
            Follow
          </Toggle>
        ) : (
          <Act act={actions.toEnd}>End</Act>
        )}
        <Act act={actions.copy}>Copy</Act>
        <Act act={actions.download}>Download</Act>
      </div>
      <p className="log-notice" role="status">
        {actions.notice}
      </p>
    </div>
  );
}

function Act({ act, label, children }: { act(): void; label?: string; children: ReactNode }) {
  return (
    <button type="button" className="small" onClick={act} aria-label={label}>
      {children}
    </button>
  );
}

function Toggle({ on, act, label, children }: { on: boolean; act(): void; label?: string; children: ReactNode }) {
  return (
    <button type="button" className="small" aria-pressed={on} onClick={act} aria-label={label}>
      {children}
    </button>
  );
}
