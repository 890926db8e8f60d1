import { useState } from 'react';
import { Choice } from './Choice.tsx';
import { chooseTheme, chosenTheme, type Theme } from './theme.ts';

const THEMES: readonly [theme: Theme, words: string][] = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

/** The choice between light, dark, and the system's theme. */
export function ThemeChoice() {
  const [theme, setTheme] = useState(chosenTheme);
  return (
    <Choice
      aria-label="Theme"
      className="small"
      value={theme}
      onChange={(event) => {
        const next = event.target.value as Theme;
        chooseTheme(next);
        setTheme(next);
      }}
      options={THEMES}
    />
  );
}
