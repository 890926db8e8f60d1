import type { KeyboardEvent } from 'react';

/**
 * Moves the focus between the folds in view with the arrow keys. Only the first one is a tab stop: a log may show dozens
 * of folded steps, a line each.
 */
export function moveFoldFocus(event: KeyboardEvent<HTMLElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined || !(event.target instanceof HTMLElement) || !event.target.matches('.fold')) return;
  const folds = [...event.currentTarget.querySelectorAll<HTMLElement>('.fold')];
  const next = folds[folds.indexOf(event.target) + by];
  if (!next) return;
  // Not a line up or down.
  event.preventDefault();
  next.focus();
}
