import { SETTINGS } from './config.ts';
import { variableName } from './given-settings.ts';

/** What `slipway serve --help` prints: every setting, its variable, its default and what it does. */
export function settingsHelp(): string {
  const settings = Object.entries(SETTINGS).map(([name, { sentence, fallback, kind }]) => {
    const origin = fallback === undefined || fallback === '' ? '' : `, otherwise ${fallback}`;
    return `  --${name} (${variableName(name)}${origin})\n      ${sentence} It must be ${kind.expects}.\n`;
  });
  return [
    'slipway serve [--SETTING VALUE]…\n\n',
    'Runs the server. A setting is a flag, a variable, or a key of the JSON file that --config or SLIPWAY_CONFIG names.\n\n',
    ...settings,
  ].join('');
}
