import { useEffect, useRef } from 'react';
import type { LogScroll } from './scroll/use-log-scroll.ts';
import type { LogActions } from './use-log-actions.ts';

/** What the keys do, wherever the focus is; the page lists them. */
export const LOG_KEYS: readonly [keys: readonly string[], does: string][] = [
  [['/'], 'search the log'],
  [['n', 'N'], 'next hit, previous hit'],
  [['e'], 'first error, then the next one'],
  [['g', 'G'], 'to the start, to the end'],
  [['f'], 'follow the end while the build runs'],
  [['z'], 'fold or unfold all steps'],
  [['w'], 'wrap long lines'],
  [['t'], 'timestamps'],
  [['y'], 'copy the selected lines, or all'],
  [['k', 'j'], 'one line up, down'],
];

/** Keys that other parts of the page need too: they move the log only while it has the focus. */
export const FOCUSED_KEYS: readonly [keys: readonly string[], does: string][] = [
  [['↑', '↓'], 'one line up, down'],
  [['PgUp', 'PgDn', 'Space'], 'a page up, down'],
  [['Home', 'End'], 'to the start, to the end'],
];

/** What of a key press decides what it does. */
export interface KeyPress {
  key: string;
  isRepeated: boolean;
  hasModifier: boolean;
  /** Whether the focus is where keys are typed or chosen: a field, a list, an open dialog or menu. */
  isTyping: boolean;
  /** Whether the focus is in the log, and on one of its buttons or links. */
  inLog: boolean;
  onButton: boolean;
}

/** Actions by key, for a log that may have the focus. */
export function actionOf(press: KeyPress, shift: boolean, scroll: LogScroll, actions: LogActions) {
  const { key, isRepeated, hasModifier, isTyping, inLog, onButton } = press;
  if (hasModifier || isTyping) return undefined;
  const move = MOVES[key];
  if (move) return () => move(scroll);
  const once = ONCE[key];
  if (once) return isRepeated ? () => undefined : () => once(actions);
  if (!inLog || (onButton && key === ' ')) return undefined;
  if (key === ' ') return () => scroll.moveBy(shift ? -scroll.pageRows : scroll.pageRows);
  const focused = FOCUSED[key];
  return focused && (() => focused(scroll));
}

const MOVES: Readonly<Record<string, (scroll: LogScroll) => void>> = {
  k: (scroll) => scroll.moveBy(-1),
  j: (scroll) => scroll.moveBy(1),
  g: (scroll) => scroll.toStart(),
  G: (scroll) => scroll.toEnd(),
};

const FOCUSED: Readonly<Record<string, (scroll: LogScroll) => void>> = {
  ArrowUp: (scroll) => scroll.moveBy(-1),
  ArrowDown: (scroll) => scroll.moveBy(1),
  PageUp: (scroll) => scroll.moveBy(-scroll.pageRows),
  PageDown: (scroll) => scroll.moveBy(scroll.pageRows),
  Home: (scroll) => scroll.toStart(),
  End: (scroll) => scroll.toEnd(),
};

const ONCE: Readonly<Record<string, (actions: LogActions) => void>> = {
  '/': (actions) => actions.searchField.current?.focus(),
  n: (actions) => actions.stepHit(1),
  N: (actions) => actions.stepHit(-1),
  e: (actions) => actions.nextError(),
  f: (actions) => actions.follow(),
  z: (actions) => actions.foldAll(),
  w: (actions) => actions.toggleWrap(),
  t: (actions) => actions.toggleTimes(),
  y: (actions) => actions.copy(),
};

const FIELDS = 'input, textarea, select, [contenteditable]:not([contenteditable="false"]), dialog, [role="menu"]';

/** Listens for the keys of a log on the whole page, as long as the log is on it. */
export function useLogKeys(scroll: LogScroll, actions: LogActions): void {
  const latest = useRef({ scroll, actions });
  latest.current = { scroll, actions };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const { scroll: of, actions: act } = latest.current;
      const run = actionOf(pressOf(event, of.scroller.current), event.shiftKey, of, act);
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

function pressOf(event: KeyboardEvent, scroller: HTMLElement | null): KeyPress {
  const target = event.target instanceof Element ? event.target : null;
  return {
    key: event.key,
    isRepeated: event.repeat,
    hasModifier: event.ctrlKey || event.metaKey || event.altKey || event.isComposing,
    isTyping: target?.closest(FIELDS) != null || document.querySelector('dialog[open]') !== null,
    inLog: target !== null && scroller?.closest('.log')?.contains(target) === true,
    onButton: target?.closest('button, a') != null,
  };
}
