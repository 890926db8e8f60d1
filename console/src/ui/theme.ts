const KEY = 'slipway-theme';

/** The user's choice; `system` follows the operating system. */
export type Theme = 'system' | 'light' | 'dark';

/** The theme chosen in this browser. */
export function chosenTheme(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** Stores a choice, and applies it. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme();
}

/** Applies the chosen theme. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = chosenTheme();
}
