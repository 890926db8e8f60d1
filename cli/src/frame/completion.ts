import { allEntries, type CommandEntry, type OptionEntry } from './command-table.ts';

/** The shells that a completion script can be made for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** Every command has it, so the table leaves it out. */
const HELP = { flags: '-h, --help', short: '-h', long: '--help', description: 'show help' };

type ShownOption = Pick<OptionEntry, 'flags' | 'short' | 'long' | 'description'> & Partial<OptionEntry>;

/**
 * The script that completes commands, flags and values in a shell. Each script finds the command that the words before
 * the cursor name, such as `slipway ram user`, and then offers what comes after it.
 */
export function completionScript(shell: Shell, table: CommandEntry): string {
  const entries = allEntries(table);
  if (shell === 'bash') return bashScript(entries);
  return shell === 'zsh' ? zshScript(entries) : fishScript(entries);
}

function bashScript(entries: readonly CommandEntry[]): string {
  const groups = entries.slice(1).map(({ path }) => quoted(path.join(' ')));
  const cases = entries.map((entry) => {
    const flags = optionsOf(entry).flatMap(({ long, short }) => (short === undefined ? [long] : [short, long]));
    const names = [...entry.commands.map(nameOf), ...wordsOf(entry)];
    const words = `flags=${quoted(flags.join(' '))} commands=${quoted(names.join(' '))} files=${takesFile(entry) ? 1 : ''}`;
    return `    ${quoted(pathOf(entry))}) ${words} ;;\n`;
  });
  return `# Completion of slipway for bash: source it, or store it as slipway in a folder of bash-completion.
_slipway() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path=slipway flags='' commands='' files='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
${otherCases(entries, (other, own) => `      ${other}) path=${own} ;;\n`)}      ${groups.join(' | \\\n      ')}) path="$path \${COMP_WORDS[i]}" ;;
    esac
  done
  COMPREPLY=()
  case "$path $prev" in
${valueCases(entries, (words) => `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur")); return`, '_slipway_files; return', 'return')}  esac
  case "$path" in
${cases.join('')}  esac
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    return
  fi
  [[ -z $commands ]] || COMPREPLY=($(compgen -W "$commands" -- "$cur"))
  [[ -z $files ]] || _slipway_files
}
_slipway_files() {
  # Marks folders, which only real completion can do.
  compopt -o filenames 2>/dev/null
  local file
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
}
complete -F _slipway slipway
`;
}

function zshScript(entries: readonly CommandEntry[]): string {
  const groups = entries.slice(1).map((entry) => quoted(pathOf(entry)));
  const described = (name: string, description: string) => quoted(`${name}:${oneLine(description)}`);
  const cases = entries.map((entry) => {
    const flags = optionsOf(entry).map(({ long, description }) => described(long, description));
    const below = entry.commands.map((each) => described(nameOf(each), each.description));
    const names = [...below, ...wordsOf(entry).map(quoted)];
    const words = `flags=(${flags.join(' ')}); commands=(${names.join(' ')}); files=${takesFile(entry) ? 1 : "''"}`;
    return `    (${quoted(pathOf(entry))}) ${words} ;;\n`;
  });
  return `#compdef slipway
# Completion of slipway for zsh: store it as _slipway in a folder of $fpath, or source it after compinit.
_slipway() {
  local at=slipway word files=''
  local -a flags commands
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
${otherCases(entries, (other, own) => `      (${other}) at=${own} ;;\n`)}      (${groups.join(' | ')}) at="$at $word" ;;
    esac
  done
  case "$at \${words[CURRENT-1]}" in
${valueCases(entries, (words) => `compadd -- ${words.map(quoted).join(' ')}; return`, '_files; return', 'return', true)}  esac
  case "$at" in
${cases.join('')}  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe -o option flags
    return
  fi
  (( $#commands )) && _describe command commands
  [[ -n $files ]] && _files
  return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _slipway "$@"
else
  compdef _slipway slipway
fi
`;
}

function fishScript(entries: readonly CommandEntry[]): string {
  const groups = entries.slice(1).map((entry) => quoted(pathOf(entry)));
  const lines = entries.flatMap((entry) => {
    const at = `-n ${quoted(`__slipway_at '${pathOf(entry)}'`)}`;
    const names = entry.commands.map(
      (each) => `complete -c slipway ${at} -a ${nameOf(each)} -d ${quoted(oneLine(each.description))}`,
    );
    const files = takesFile(entry) ? [`complete -c slipway ${at} -F`] : [];
    const words = wordsOf(entry).map((word) => `complete -c slipway ${at} -a ${quoted(word)}`);
    const flags = optionsOf(entry).map((option) => {
      const short = option.short === undefined ? '' : ` -s ${option.short.slice(1)}`;
      const choices = option.choices?.length ? ` -x -a ${quoted(option.choices.join(' '))}` : '';
      const value = choices || (option.value === undefined ? '' : isFile(option.value) ? ' -r -F' : ' -x');
      return `complete -c slipway ${at} -l ${option.long.slice(2)}${short}${value} -d ${quoted(oneLine(option.description))}`;
    });
    return [...names, ...words, ...files, ...flags];
  });
  return `# Completion of slipway for fish: store it as ~/.config/fish/completions/slipway.fish
function __slipway_at
  set -l at slipway
  for word in (commandline -opc)[2..]
    switch "$at $word"
${otherCases(entries, (other, own) => `      case ${other}\n        set at ${own}\n`)}      case ${groups.join(' ')}
        set at "$at $word"
    end
  end
  test "$at" = $argv[1]
end
complete -c slipway -f
${lines.join('\n')}
`;
}

/** For each other word for a command: what leads to the command itself. */
function otherCases(entries: readonly CommandEntry[], leads: (other: string, own: string) => string): string {
  return entries
    .flatMap((entry) =>
      entry.otherNames.map((name) =>
        leads(quoted([...entry.path.slice(0, -1), name].join(' ')), quoted(pathOf(entry))),
      ),
    )
    .join('');
}

/** For each flag that takes a value: its choices, files, or nothing. */
function valueCases(
  entries: readonly CommandEntry[],
  choose: (words: readonly string[]) => string,
  files: string,
  nothing: string,
  opens = false,
): string {
  return entries
    .flatMap((entry) =>
      entry.options.flatMap(({ value, short, long, choices }) => {
        if (value === undefined) return [];
        const names = [short, long].flatMap((flag) => (flag ? [quoted(`${pathOf(entry)} ${flag}`)] : []));
        const act = choices.length > 0 ? choose(choices) : isFile(value) ? files : nothing;
        return [`    ${opens ? '(' : ''}${names.join(' | ')}) ${act} ;;\n`];
      }),
    )
    .join('');
}

function optionsOf(entry: CommandEntry): ShownOption[] {
  return [...entry.options, HELP];
}

function wordsOf(entry: CommandEntry): string[] {
  return entry.arguments.flatMap(({ words }) => words);
}

function takesFile(entry: CommandEntry): boolean {
  return entry.arguments.some(({ name, description }) => isFile(`${name} ${description}`));
}

/** Whether the name or the description of a value says that it is a path. */
function isFile(text: string): boolean {
  return /\b(file|folder|path|keyfile|backup|dir)\b/i.test(text);
}

function pathOf({ path }: CommandEntry): string {
  return path.join(' ');
}

function nameOf({ path }: CommandEntry): string {
  return path.at(-1) ?? '';
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** In single quotes, for every one of the shells. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}
