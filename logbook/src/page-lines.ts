import type { Page } from './page.ts';
import type { StoredLine } from './stored-line.ts';

/*
 * A page is lines of one form, joined by commas: `{"LineNumber":N,"Message":"…","BuildStage":"…"}`. Inside a JSON string every
 * quote follows a backslash, so that the bytes below cannot stand in a message: they tell where lines and messages begin
 * and end without parsing.
 */
const BETWEEN_LINES = utf8('},{"LineNumber":');
const LINE_BEGIN = utf8('{"LineNumber":');
const BEFORE_MESSAGE_BYTES = ',"Message":"'.length;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const LF = 0x0a;
/** Letters of short escapes and what they stand for; a quote, a backslash and a slash stand for themselves. */
const CONTROLS = new Map([...'bfnrt'].map((letter, index) => [letter.charCodeAt(0), '\b\f\n\r\t'.charCodeAt(index)]));

/** The numbers of a page's lines whose message holds `text`, which must not be empty. At most `limit`. */
export function linesWith(page: Page, text: string, limit: number): number[] {
  // A message that holds the text holds, as JSON, the text's JSON; the other way round it must be looked at.
  const needle = Buffer.from(JSON.stringify(text).slice(1, -1));
  const { bytes } = page;
  const found: number[] = [];
  for (let at = bytes.indexOf(needle); at !== -1 && found.length < limit; ) {
    const start = bytes.lastIndexOf(LINE_BEGIN, at);
    const end = lineEnd(bytes, start);
    // A comma may be the one between two lines.
    const line = at >= end ? undefined : (JSON.parse(bytes.toString('utf8', start, end)) as StoredLine);
    if (line?.Message.includes(text)) found.push(line.LineNumber);
    at = end >= bytes.length ? -1 : bytes.indexOf(needle, end + 1);
  }
  return found;
}

/** The messages of a page as UTF-8, each ended by LF; in `target` where they fit, which they do in as many bytes as the page has. */
export function messagesOf(page: Page, target?: Buffer): Buffer {
  const { bytes } = page;
  const text = target !== undefined && target.length >= bytes.length ? target : Buffer.allocUnsafe(bytes.length);
  // Byte by byte: a call for each line costs more than the bytes do.
  let to = 0;
  for (let at = 0; at < bytes.length; ) {
    at = bytes.indexOf(COMMA, at + LINE_BEGIN.length) + BEFORE_MESSAGE_BYTES;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
      if (byte === undefined) throw new Error(`line ${page.firstLine} or one after it does not end`);
      const isEscape = byte === BACKSLASH;
      text[to] = isEscape ? unescaped(bytes, at + 1) : byte;
      to += 1;
      at += isEscape ? (bytes[at + 1] === LOWER_U ? 6 : 2) : 1;
    }
    text[to] = LF;
    to += 1;
    at = lineEnd(bytes, at) + 1;
  }
  return text.subarray(0, to);
}

/** The byte that an escape stands for: in what JSON.stringify makes of well-formed text, it is always one. */
function unescaped(bytes: Buffer, at: number): number {
  const letter = bytes[at] ?? 0;
  if (letter !== LOWER_U) return CONTROLS.get(letter) ?? letter;
  return Number.parseInt(bytes.toString('latin1', at + 3, at + 5), 16);
}

/** Where the line ends in which byte `at` is: one past its brace. */
function lineEnd(bytes: Buffer, at: number): number {
  const next = bytes.indexOf(BETWEEN_LINES, at);
  return next === -1 ? bytes.length : next + 1;
}

function utf8(text: string): Buffer {
  return Buffer.from(text);
}
