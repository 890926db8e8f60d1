import type { KeyboardEvent } from 'react';
import type { LogActions } from './LogToolbar.tsx';
import type { LogScroll } from './scroll/use-log-scroll.ts';

/** What the keys do while a log has focus; the page lists them. */
export const LOG_KEYS: readonly [keys: string, does: string][] = [
  ['↑ ↓, k j', 'one line up, down'],
  ['PgUp PgDn, Space', 'a page'],
  ['Home End, g G', 'to the start, to the end (and follow)'],
  ['/', 'search'],
  ['n N', 'next hit, previous hit'],
  ['e', 'first error'],
  ['f', 'fold or unfold all'],
  ['t w', 'times, wrap'],
  ['y', 'copy the selected lines'],
];

/** Runs the action of a key; returns whether the key belongs to the log. */
export function pressLogKey(event: KeyboardEvent, scroll: LogScroll, actions: LogActions): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { target } = event;
  if (target instanceof HTMLInputElement) return false;
  const onButton = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  if (onButton && (event.key === ' ' || event.key === 'Enter')) return false;
  const act = actionOf(event.key, event.shiftKey, scroll, actions);
  if (act === undefined) return false;
  event.preventDefault();
  act();
  return true;
}

function actionOf(key: string, shift: boolean, scroll: LogScroll, actions: LogActions): (() => void) | undefined {
  switch (key) {
    case 'ArrowUp':
    case 'k':
      return () => scroll.moveBy(-1);
    case 'ArrowDown':
    case 'j':
      return () => scroll.moveBy(1);
    case 'PageUp':
      return () => scroll.moveBy(-scroll.pageRows);
    case 'PageDown':
      return () => scroll.moveBy(scroll.pageRows);
    case ' ':
      return () => scroll.moveBy(shift ? -scroll.pageRows : scroll.pageRows);
    case 'Home':
    case 'g':
      return scroll.toStart;
    case 'End':
    case 'G':
      return scroll.toEnd;
    case '/':
      return () => actions.searchField.current?.focus();
    case 'n':
      return () => actions.stepHit(1);
    case 'N':
      return () => actions.stepHit(-1);
    case 'e':
      return actions.firstError;
    case 'f':
      return actions.foldAll;
    case 't':
      return actions.toggleTimes;
    case 'w':
      return actions.toggleWrap;
    case 'y':
      return actions.copy;
    default:
      return undefined;
  }
}
