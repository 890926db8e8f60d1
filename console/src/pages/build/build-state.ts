import type { BuildStatus } from '../../api/build.ts';

/** How the browser's tab shows a status: a sign and a word in its title, and an icon. */
export interface TabState {
  sign: string;
  word: string;
  /** A file of `public/`. */
  icon: string;
}

const STATES: Readonly<Record<BuildStatus, TabState>> = {
  PENDING: { sign: '○', word: 'waiting', icon: 'icon-waiting.svg' },
  BUILDING: { sign: '◐', word: 'running', icon: 'icon-running.svg' },
  SUCCESS: { sign: '✓', word: 'succeeded', icon: 'icon-success.svg' },
  FAILED: { sign: '✕', word: 'failed', icon: 'icon-failed.svg' },
  CANCELED: { sign: '⊘', word: 'cancelled', icon: 'icon-cancelled.svg' },
};

/** How the tab shows a status. */
export function tabState(status: BuildStatus): TabState {
  return STATES[status];
}
