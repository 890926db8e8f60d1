/** How a build's status is shown. */
export interface StatusLook {
  word: string;
  sign: string;
  /** The icon of the browser's tab, a file of `public/`. */
  icon: string | undefined;
}

const LOOKS: Readonly<Record<string, StatusLook>> = {
  PENDING: { word: 'Waiting', sign: '○', icon: 'icon-waiting.svg' },
  BUILDING: { word: 'Building', sign: '◐', icon: 'icon-running.svg' },
  SUCCESS: { word: 'Succeeded', sign: '✓', icon: 'icon-success.svg' },
  FAILED: { word: 'Failed', sign: '✕', icon: 'icon-failed.svg' },
  CANCELED: { word: 'Cancelled', sign: '⊘', icon: 'icon-cancelled.svg' },
};

/** A status as a word, a sign and an icon. */
export function statusLook(status: string): StatusLook {
  return LOOKS[status] ?? { word: status, sign: '?', icon: undefined };
}
