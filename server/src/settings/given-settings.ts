import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { flag, type Setting } from './setting-kinds.ts';

/** Where a setting was set. */
export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** The text of a setting, where it was set, and how a message about it names that place. */
export interface Given {
  readonly text: string;
  readonly origin: Origin;
  readonly place: string;
}

type Table = Readonly<Record<string, Setting>>;

/**
 * What flags, then variables, then the configuration file, then defaults say; the first that is set decides. A setting that is set
 * nowhere and has no default is left out. Adds what cannot be read to `mistakes`.
 */
export function readGiven(
  table: Table,
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  mistakes: string[],
): Map<string, Given> {
  const flags = readFlags(table, argv, mistakes);
  const file = readFile(table, flags.config ?? env.SLIPWAY_CONFIG, mistakes);
  const given = new Map<string, Given>();
  for (const [name, { fallback }] of Object.entries(table)) {
    const places: [Origin, string, string | undefined][] = [
      ['flag', `--${name}`, flags[name]],
      ['environment', variableName(name), env[variableName(name)] || undefined],
      ['file', `${name} in the configuration file`, file[name]],
      ['default', '', fallback],
    ];
    for (const [origin, place, text] of places)
      if (text !== undefined && !given.has(name)) given.set(name, { text, origin, place });
  }
  return given;
}

/** The environment variable of a setting. */
export function variableName(setting: string): string {
  return `SLIPWAY_${setting.toUpperCase().replaceAll('-', '_')}`;
}

function readFlags(table: Table, argv: readonly string[], mistakes: string[]): Record<string, string | undefined> {
  const names = [...Object.keys(table), 'config'];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args: withValues(table, argv), options, allowPositionals: false, strict: true })
      .values as Record<string, string>;
  } catch (error) {
    mistakes.push(error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error));
    return {};
  }
}

/** A flag that is true or false may be given alone: `--no-builds`. */
function withValues(table: Table, argv: readonly string[]): string[] {
  const kinds = new Map<string, unknown>(Object.entries(table).map(([name, { kind }]) => [`--${name}`, kind]));
  return argv.flatMap((argument, at) => {
    const isAlone = kinds.get(argument) === flag && (argv[at + 1] ?? '--').startsWith('--');
    return isAlone ? [argument, 'true'] : [argument];
  });
}

function readFile(table: Table, file: string | undefined, mistakes: string[]): Record<string, string> {
  if (!file) return {};
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof content !== 'object' || content === null || Array.isArray(content))
      throw new Error('it is not an object');
    const entries = Object.entries(content);
    for (const [name] of entries)
      if (!(name in table)) mistakes.push(`the configuration file ${file} has an unknown key ${JSON.stringify(name)}`);
    return Object.fromEntries(
      entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : String(value)]),
    );
  } catch (error) {
    // A message about JSON quotes it, with the secrets that are there.
    const reason = (error as Error).message.replace(/, \S*".*/s, '');
    mistakes.push(`the configuration file ${file} cannot be read as a JSON object: ${reason}`);
    return {};
  }
}
