import type { TextPart } from './dockerfile-places.ts';
import { isSpace } from './dockerfile-words.ts';

/** An instruction without its position. */
export type SplitInstruction = Pick<Instruction, 'keyword' | 'flags' | 'rest' | 'restAt'>;

/** Divides one logical line into keyword, flags and arguments, as the builder does. */
export function splitInstruction(line: string, escapeSign: string): SplitInstruction {
  const text = trim(line);
  const trimmed = line.indexOf(text);
  const keyword = /^[^\t\v\f\r ]*/.exec(text)?.[0] ?? '';
  let start = keyword.length;
  while ('\t\v\f\r '.includes(text.charAt(start)) && start < text.length) start += 1;
  const offset = trimmed + start;
  const { flags, rest } = takeFlags(text.slice(start), escapeSign);
  const shifted = flags.map((flag) => ({ text: flag.text, from: offset + flag.from, to: offset + flag.to }));
  return { keyword: keyword.toUpperCase(), flags: shifted, rest, restAt: trimmed + text.length - rest.length };
}

/** The values of flags with a name, given as `--NAME=VALUE`. */
export function flagValues({ flags }: Pick<Instruction, 'flags'>, name: string): string[] {
  const start = `--${name}=`;
  return flags.filter(({ text }) => text.startsWith(start)).map(({ text }) => text.slice(start.length));
}

/** The arguments of an instruction, split at white space regardless of quotes. */
export function plainArguments({ rest }: Pick<Instruction, 'rest'>): string[] {
  return rest === '' ? [] : rest.split(/[\t\v\f\r ]+/);
}

/** The arguments of an instruction in JSON form; undefined for others. */
export function jsonList(rest: string): string[] | undefined {
  if (!rest.startsWith('[')) return undefined;
  try {
    const list: unknown = JSON.parse(rest);
    return Array.isArray(list) ? list.map(String) : undefined;
  } catch {
    // It only starts like one.
    return undefined;
  }
}

/**
 * The arguments of ARG and ENV: words with their quotes and escape characters; quoted white space is part of a word.
 */
export function quotedArguments({ rest }: Pick<Instruction, 'rest'>, escapeSign: string): string[] {
  const words: string[] = [];
  let [word, quote, isWord] = ['', '', false];
  for (let at = 0; at < rest.length; at++) {
    const character = rest.charAt(at);
    if (quote === '' && isSpace(character)) {
      if (isWord) words.push(word);
      [word, isWord] = ['', false];
      continue;
    }
    isWord = true;
    if (character === quote) quote = '';
    else if (quote === '' && (character === "'" || character === '"')) quote = character;
    if (character !== escapeSign || quote === "'") word += character;
    else if (at + 1 < rest.length) word += character + rest.charAt(++at);
  }
  if (isWord && word !== '') words.push(word);
  return words;
}

/** The fields of `--mount=`, which are CSV: a field in double quotes may hold commas. */
export function mountFields(value: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at <= value.length; at++) {
    let field = '';
    if (value[at] === '"') {
      for (at += 1; at < value.length && (value[at] !== '"' || value[at + 1] === '"'); at++) {
        if (value[at] === '"') at += 1;
        field += value.charAt(at);
      }
      at += 1;
    } else {
      const end = value.indexOf(',', at);
      field = value.slice(at, end < 0 ? undefined : end);
      at = end < 0 ? value.length : end;
    }
    const equals = field.indexOf('=');
    if (equals > 0) fields.set(field.slice(0, equals).toLowerCase(), field.slice(equals + 1));
  }
  return fields;
}

/** The builder reads flags byte by byte, and treats the bytes 85 and A0 as white space anywhere. */
function takeFlags(text: string, escapeSign: string): { flags: Flag[]; rest: string } {
  // Only ASCII is the same both ways.
  if (/^[\0-\x7f]*$/.test(text)) {
    const { flags, end } = readFlags(text, escapeSign);
    return { flags, rest: trim(text.slice(end)) };
  }
  const bytes = Buffer.from(text);
  const { flags, end } = readFlags(bytes.toString('latin1'), escapeSign);
  let [byte, place] = [0, 0];
  const placeAt = (at: number) => {
    place += bytes.toString('utf8', byte, at).length;
    byte = at;
    return place;
  };
  const placed = flags.map((flag) => ({ text: flag.text, from: placeAt(flag.from), to: placeAt(flag.to) }));
  return { flags: placed, rest: trim(bytes.toString('utf8', end)) };
}

function readFlags(text: string, escapeSign: string): { flags: Flag[]; end: number } {
  const flags: Flag[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpace(text.charAt(at))) at += 1;
    if (!text.startsWith('--', at)) return { flags, end: at };
    const from = at;
    let [flag, quote] = ['', ''];
    for (; at < text.length; at++) {
      const character = text.charAt(at);
      if (quote === '' && isSpace(character)) break;
      if (character === quote) quote = '';
      else if (quote === '' && (character === "'" || character === '"')) quote = character;
      else if (character === escapeSign) {
        at += 1;
        flag += text.charAt(at);
      } else flag += character;
    }
    if (flag === '--') return { flags, end: at };
    flags.push({ text: flag, from, to: Math.min(at, text.length) });
  }
}

function trim(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charAt(start))) start += 1;
  while (end > start && isSpace(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** One instruction, with its continued lines joined. */
export interface Instruction {
  /** In upper case. */
  keyword: string;
  flags: readonly Flag[];
  /** The text after the flags. */
  rest: string;
  /** Where that starts in the joined text. */
  restAt: number;
  /** The source positions of the joined text. */
  parts: readonly TextPart[];
  /** Its lines, including its here-documents; counted from 1. */
  firstLine: number;
  lastLine: number;
}

/** A flag of an instruction. */
export interface Flag {
  /** Without quotes and escape characters, with its dashes. */
  text: string;
  /** Where it starts and ends in the joined text. */
  from: number;
  to: number;
}
