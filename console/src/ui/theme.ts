const KEY = 'slipway-theme';

/** What the reader chose; `system` follows the machine. */
export type Theme = 'system' | 'light' | 'dark';

/** The theme that was chosen in this browser. */
export function chosenTheme(): Theme {
  const value = localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** Keeps a choice, and shows it. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme();
}

/** Shows the theme that was chosen. */
export function applyTheme(): void {
  document.documentElement.dataset.theme = chosenTheme();
}
