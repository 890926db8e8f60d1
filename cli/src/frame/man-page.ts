import type { CommandEntry } from './command-table.ts';

/** The exit codes that all commands share; the README has them too. */
const EXIT_STATUS = [
  ['0', 'success'],
  ['1', 'the build failed, a search found nothing, or a check found a difference'],
  ['2', 'the command line or a setting is wrong'],
  ['3', 'the server refused the request'],
  ['4', 'something is wrong with the machine, the server or the network'],
  ['130', 'cancelled'],
] as const;

/** The name of the page of a command: `slipway-ram-user`. */
export function pageName({ path }: CommandEntry): string {
  return path.join('-');
}

/** The manual page of a command in the language of man(7). Its subcommands have pages of their own. */
export function manPage(entry: CommandEntry, version: string): string {
  const { path, description, options, commands } = entry;
  const name = pageName(entry);
  const lines = [
    `.TH ${text(name.toUpperCase())} 1 "" ${quoted(`slipway ${version}`)} "Slipway"`,
    '.SH NAME',
    `${text(name)} \\- ${text(description)}`,
    '.SH SYNOPSIS',
    `.B ${text(path.join(' '))}`,
    text(synopsisOf(entry)),
    ...section(
      'ARGUMENTS',
      entry.arguments.filter(({ description: about }) => about !== '').map((each) => [each.name, each.description]),
    ),
    ...section('OPTIONS', [
      ...options.map((each): [string, string] => [each.flags, each.description]),
      ['-h, --help', 'show help'],
    ]),
    ...section(
      'COMMANDS',
      commands.map((each) => [`${each.path.at(-1)} ${synopsisOf(each)}`.trim(), each.description]),
    ),
    ...section('EXIT STATUS', EXIT_STATUS),
    ...seeAlso(entry),
  ];
  return `${lines.join('\n')}\n`;
}

function synopsisOf({ arguments: all, options, commands, acts }: CommandEntry): string {
  if (!acts) return commands.length > 0 ? '<command>' : '';
  const names = all.map(({ name, isRequired, isRepeated }) => {
    const shown = isRepeated ? `${name}...` : name;
    return isRequired ? `<${shown}>` : `[${shown}]`;
  });
  return [...(options.length > 0 ? ['[options]'] : []), ...names].join(' ');
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  return [`.SH ${title}`, ...rows.flatMap(([term, about]) => ['.TP', `.B ${text(term)}`, text(about)])];
}

function seeAlso(entry: CommandEntry): string[] {
  const above = entry.path.slice(0, -1).join('-');
  const names = [...(above === '' ? [] : [above]), ...entry.commands.map(pageName)];
  if (names.length === 0) return [];
  const references = names.map((name) => `.BR ${text(name)} (1)`);
  return ['.SH SEE ALSO', references.map((each, at) => (at < names.length - 1 ? `${each},` : each)).join('\n')];
}

/** Text that roff prints as it is: a backslash and a hyphen are escaped, and so is a first character that means a request. */
function text(plain: string): string {
  const escaped = plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('’', '\\(cq')
    .replaceAll('…', '...');
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

function quoted(plain: string): string {
  return `"${text(plain).replaceAll('"', '\\(dq')}"`;
}
