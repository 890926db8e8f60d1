import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../../server/src/settings/config.ts';
import { variableName } from '../../server/src/settings/given-settings.ts';

/** Writes `docs/settings.md` from the table of settings; with `--check` only reports whether it is up to date. */
const FILE = join(import.meta.dirname, '..', '..', 'docs', 'settings.md');

const rows = Object.entries(SETTINGS).map(
  ([name, { sentence, fallback, kind }]) =>
    `| \`--${name}\` | \`${variableName(name)}\` | ${fallback === undefined || fallback === '' ? '' : `\`${fallback}\``} | ${sentence} It must be ${kind.expects}. |`,
);
const text = `# Settings

\`npm run gen\` makes this page from \`server/src/settings/config.ts\`. You can set each setting with a flag of \`slipway serve\`, with an
environment variable, or with a key in the JSON file that \`--config\` or \`SLIPWAY_CONFIG\` names (the key is the flag without its
dashes). The flag wins over the variable, the variable over the file, and the file over the default. If settings are wrong, the server
lists all mistakes at once and ends with exit code 2. \`slipway settings\` shows the settings of a server as they are ([operating.md](operating.md#settings-in-use)).
What \`database\` and \`bucket\` need, and what each refusal of theirs means, is in [fleet.md](fleet.md).

| flag | variable | default | what it does |
| --- | --- | --- | --- |
${rows.join('\n')}
`;

if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') === text) process.exit(0);
  process.stderr.write('docs/settings.md is not up to date: npm run gen\n');
  process.exit(1);
}
writeFileSync(FILE, text);
