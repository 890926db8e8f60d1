import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CommandEntry, commandTable, type OptionEntry } from '../../cli/src/frame/command-table.ts';
import { makeProgram } from '../../cli/src/program.ts';
import { SETTINGS } from '../../server/src/settings/config.ts';
import { ROOT } from '../support/slipway.ts';

/** A command of the documentation, and where it is. */
interface Documented {
  readonly place: string;
  readonly words: readonly string[];
  /** A line to copy: its arguments are checked too. Others are mentioned in a sentence, often in part. */
  readonly isWhole: boolean;
}

const TABLE = commandTable(makeProgram());
/** The launcher runs these; the server's settings are checked, and their other words are the launcher's. */
const OF_LAUNCHER = ['serve', 'test', 'builder'];
/** What a group of commands does if no command of it is named. */
const BY_DEFAULT: Readonly<Record<string, string>> = { 'slipway scan': 'image' };
/** What the server prints when it is ready. */
const READY = 'listening';
const GLOBAL_FLAGS = ['--ca-file', '--help', '-h', '--version', '-V'];

test('every slipway command in the documentation exists, with its flags and the number of its arguments', () => {
  const pages = globSync(['docs/*.md', 'docs/guides/*.md'], { cwd: ROOT });
  const found = ['README.md', ...pages].flatMap(commandsIn);
  assert.ok(found.length > 100, `only ${found.length} commands were found`);
  const mistakes = found.flatMap((command) => {
    const mistake = mistakeOf(command);
    return mistake === undefined ? [] : [`${command.place}: slipway ${command.words.join(' ')}: ${mistake}`];
  });
  assert.deepEqual(mistakes, []);
});

test('commands are in blocks that say whether a test runs them: no page has code that is only indented', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...globSync(['docs/*.md', 'docs/guides/*.md'], { cwd: ROOT })];
  const outside = pages.flatMap((page) =>
    readFileSync(join(ROOT, page), 'utf8')
      .replaceAll(/^( *)```[\s\S]*?^\1```$/gm, (block) => block.replaceAll(/[^\n]/g, ''))
      .split('\n')
      .flatMap((line, at) => (/^(?: {4}|\t)/.test(line) ? [`${page}:${at + 1}: ${line}`] : [])),
  );
  assert.deepEqual(outside, []);
  const languages = pages.flatMap((page) => [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^ *```(\w+)/gm)]);
  const shells = languages
    .map(([, language]) => language)
    .filter((name) => /^(bash|shell|console|zsh|fish)$/.test(name ?? ''));
  assert.deepEqual(shells, [], 'blocks of commands are sh');
});

test('a documented command with a wrong name, flag or number of arguments is found', () => {
  const whole = (line: string) => mistakeOf({ place: '', words: line.split(' '), isWhole: true });
  assert.equal(whole('builds --status FAILED'), undefined);
  assert.match(whole('bulids') ?? '', /no command/);
  assert.match(whole('builds --stauts FAILED') ?? '', /no flag --stauts/);
  assert.match(whole('why') ?? '', /needs <build>/);
  assert.match(whole('why latest latest') ?? '', /too many arguments/);
  assert.match(whole('serve --lisen 1') ?? '', /no setting --lisen/);
});

function commandsIn(file: string): Documented[] {
  const commands: Documented[] = [];
  let fence: string | undefined;
  for (const [at, line] of readFileSync(join(ROOT, file), 'utf8').split('\n').entries()) {
    const place = `${file}:${at + 1}`;
    const opened = /^ *```(\w*)/.exec(line);
    if (opened) {
      fence = fence === undefined ? opened[1] : undefined;
      continue;
    }
    const isWhole = fence === 'sh';
    const texts = isWhole
      ? [line.trim()]
      : fence === undefined
        ? [...line.matchAll(/`([^`]+)`/g)].map((each) => each[1] ?? '')
        : [];
    for (const text of texts)
      for (const words of callsIn(text).filter(([first]) => first !== READY)) {
        const isPart = words.includes('…') || words.includes('\\');
        commands.push({ place, words: words.filter((word) => word !== '\\'), isWhole: isWhole && !isPart });
      }
  }
  return commands;
}

/** The words after `slipway` of each command in a line of shell, up to a pipe, a redirection or a comment. */
function callsIn(line: string): string[][] {
  const tokens = [
    ...line.matchAll(/'[^']*'|"[^"]*"|[|;&<>()]+|\s#.*$|(?:[^\s'"|;&<>()]|<(?=[a-z])|'[^']*'|"[^"]*")+/g),
  ].map(([token]) => token);
  const calls: string[][] = [];
  let call: string[] | undefined;
  let skipsNext = false;
  /** A word here would be the name of a program. */
  let isStart = true;
  for (const token of tokens) {
    if (skipsNext) skipsNext = false;
    else if (/^[<>]/.test(token)) {
      skipsNext = call !== undefined;
    } else if (/^[|;&()]+$|^\s#/.test(token)) {
      call = undefined;
      isStart = true;
    } else if (isStart && /^(\.\/)?slipway$/.test(token)) {
      call = [];
      calls.push(call);
      isStart = false;
    } else if (call !== undefined) call.push(token.replaceAll(/^\[|\]$/g, ''));
    else isStart &&= /^[A-Z_]+=|^sudo$/.test(token);
  }
  return calls;
}

function mistakeOf({ words, isWhole }: Documented): string | undefined {
  let entry: CommandEntry = TABLE;
  const left = [...words];
  for (;;) {
    const next: CommandEntry | undefined = below(entry, left[0]);
    if (next === undefined) break;
    entry = next;
    left.shift();
  }
  const byDefault = left.length === 0 ? undefined : below(entry, BY_DEFAULT[entry.path.join(' ')]);
  entry = byDefault ?? entry;
  const [first] = entry.path.slice(1);
  if (first !== undefined && OF_LAUNCHER.includes(first)) return mistakeOfLauncher(first, left);
  const groupMistake = !entry.acts && left[0] !== undefined && /^[a-z]/.test(left[0]);
  if (groupMistake && !entry.commands.some(({ path }) => left[0]?.split('|').includes(path.at(-1) ?? '')))
    return `${entry.path.join(' ')} has no command ${left[0]}`;
  return mistakeOfWords(entry, left, isWhole && entry.acts);
}

function below({ commands }: CommandEntry, name: string | undefined): CommandEntry | undefined {
  return commands.find(({ path }) => path.at(-1) === name);
}

function mistakeOfWords(entry: CommandEntry, words: readonly string[], isWhole: boolean): string | undefined {
  let given = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!word.startsWith('-') || word === '-') {
      given += 1;
      continue;
    }
    const [flag = ''] = word.split('=');
    if (GLOBAL_FLAGS.includes(flag)) {
      if (flag === '--ca-file') at += 1;
      continue;
    }
    const option: OptionEntry | undefined = entry.options.find(({ long, short }) => long === flag || short === flag);
    if (option === undefined) return `there is no flag ${flag}`;
    if (option.value === undefined || word.includes('=')) continue;
    at += 1;
    while (option.isRepeated && at + 1 < words.length && !words[at + 1]?.startsWith('-')) at += 1;
  }
  if (!isWhole) return undefined;
  const required = entry.arguments.filter(({ isRequired }) => isRequired);
  const missing = required[given];
  if (missing !== undefined) return `it needs <${missing.name}>`;
  const isOpen = entry.arguments.some(({ isRepeated }) => isRepeated);
  return given > entry.arguments.length && !isOpen ? 'too many arguments' : undefined;
}

function mistakeOfLauncher(command: string, words: readonly string[]): string | undefined {
  if (command !== 'serve') return undefined;
  const wrong = words
    .filter((word) => word.startsWith('--'))
    .map((word) => word.split('=')[0]?.slice(2) ?? '')
    .find((name) => name !== 'help' && !Object.hasOwn(SETTINGS, name));
  return wrong === undefined ? undefined : `there is no setting --${wrong}`;
}
