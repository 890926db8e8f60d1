import { IconButton } from '../ui/IconButton.tsx';
import { Menu, type MenuItem } from '../ui/Menu.tsx';
import { askForHelp } from '../ui/shortcuts.ts';
import type { LogActions } from './use-log-actions.ts';
import { describeSearch } from './use-log-search.ts';

/** The buttons above a log. In a narrow window they are one row, and most of them are in a menu. */
export function LogToolbar({ actions }: { actions: LogActions }) {
  const groups = groupsOf(actions);
  const [atHand, rest] = splitBy(
    groups.flat(),
    ({ label }) => label === 'Next error' || label === endOf(actions).label,
  );
  return (
    <div className="log-toolbar">
      <SearchForm actions={actions} />
      {groups.map((items) => (
        <Group key={items[0]?.label} name="log-group" items={items} />
      ))}
      <Group name="log-at-hand" items={atHand} />
      <div className="log-more">
        <Menu label="More" items={rest} />
      </div>
      <p className="log-notice" role="status">
        {actions.notice}
      </p>
    </div>
  );
}

/** Errors; what is shown of each line; where to; what to take along; the keys. */
function groupsOf(actions: LogActions): MenuItem[][] {
  const { anyFolded, times, wrapped, wholeProgress } = actions;
  return [
    [
      { icon: 'error', label: 'First error', act: actions.firstError },
      { icon: 'next-error', label: 'Next error', shortcut: 'e', act: actions.nextError },
    ],
    [
      {
        icon: anyFolded ? 'unfold' : 'fold',
        label: anyFolded ? 'Unfold all' : 'Fold all',
        shortcut: 'z',
        act: actions.foldAll,
      },
      { icon: 'wrap', label: 'Wrap', shortcut: 'w', pressed: wrapped, act: actions.toggleWrap },
      { icon: 'clock', label: 'Timestamps', shortcut: 't', pressed: times, act: actions.toggleTimes },
      { icon: 'progress', label: 'All progress', pressed: wholeProgress, act: actions.toggleProgress },
    ],
    [{ icon: 'to-start', label: 'Start', shortcut: 'g', act: actions.toStart }, endOf(actions)],
    [
      { icon: 'copy', label: 'Copy', shortcut: 'y', act: actions.copy },
      { icon: 'download', label: 'Download', act: actions.download },
    ],
    [{ icon: 'help', label: 'Keys', shortcut: '?', act: askForHelp }],
  ];
}

function endOf({ growing, following, follow, toEnd }: LogActions): MenuItem {
  return growing
    ? { icon: 'follow', label: 'Follow', shortcut: 'f', pressed: following, act: follow }
    : { icon: 'to-end', label: 'End', shortcut: 'G', act: toEnd };
}

function splitBy<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

function Group({ name, items }: { name: string; items: readonly MenuItem[] }) {
  return (
    <div className={name}>
      {items.map(({ act, ...item }) => (
        <IconButton key={item.label} {...item} onClick={act} />
      ))}
    </div>
  );
}

function SearchForm({ actions }: { actions: LogActions }) {
  const { search } = actions;
  const { query } = search;
  return (
    <search className={`log-search${query.text === '' ? '' : ' busy'}`}>
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
          aria-keyshortcuts="/"
          placeholder="Search the log  /"
          value={query.text}
          maxLength={1000}
          spellCheck={false}
          onChange={(event) => search.setQuery({ ...query, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              // A browser would clear the field, and with it the hits that n and N go through.
              event.preventDefault();
              event.currentTarget.blur();
            }
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
