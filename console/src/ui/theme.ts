// public/theme.js applies the choice before a page is drawn.
const KEY = 'slipway-theme';

/** The user's choice; `system` follows the operating system. */
export type Theme = 'system' | 'light' | 'dark';

/** The theme chosen in this browser. */
export function chosenTheme(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** Stores and applies a choice. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  document.documentElement.dataset.theme = theme;
}
