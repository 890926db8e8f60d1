import type { StoredLine } from '../format/stored-line.ts';
import { LF } from '../format/stored-line.ts';
import type { TextSlice } from '../format/text-slice.ts';

/*
 * Lines are stored as `{"LineNumber":N,"Message":"…","BuildStage":"…"}`. Inside a JSON string every quote follows a
 * backslash, so `","BuildStage":"` cannot occur in a message: it marks the end of a message without parsing.
 */
const MESSAGE_BEGIN = '"Message":"';
const MESSAGE_END = '","BuildStage":"';
/** From the end of a message to the beginning of the next one, whether LF or a comma separates the lines. */
const BETWEEN_MESSAGES = /","BuildStage":"(?:[^"\\]|\\.)*"\}[,\n]\{"LineNumber":\d+,"Message":"/g;
const ESCAPE = /\\(?:u00..|.)/g;
/** JSON.stringify's escape of a character, and the character: in well-formed text it escapes no others. */
const ESCAPED = new Map(
  [...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)), '"', '\\'].map((character) => [
    JSON.stringify(character).slice(1, -1),
    character,
  ]),
);
/** The escapes that most logs contain, and that can be replaced directly. */
const FREQUENT = ['\\"', '\\u001b', '\\t'] as const;

/** The bytes with which a text inside a message is stored. */
export function storedForm(text: string): Buffer {
  return Buffer.from(JSON.stringify(text).slice(1, -1));
}

/** The numbers of a slice's lines whose message contains `text`, which must not be empty. At most `limit`. */
export function linesWith(slice: Pick<TextSlice, 'text'>, text: string, limit: number): number[] {
  // A message that contains the text contains, as JSON, the text's JSON; the reverse must be checked.
  const needle = storedForm(text);
  const { text: lines } = slice;
  const found: number[] = [];
  for (let at = lines.indexOf(needle); at !== -1 && found.length < limit; ) {
    const start = lines.lastIndexOf(LF, at) + 1;
    const end = lines.indexOf(LF, at);
    const line = JSON.parse(lines.toString('utf8', start, end)) as StoredLine;
    if (line.Message.includes(text)) found.push(line.LineNumber);
    at = lines.indexOf(needle, end + 1);
  }
  return found;
}

/**
 * The messages of lines in stored form, each ended by LF, as the Latin-1 text of their UTF-8 bytes: writing it as `latin1` gives the
 * bytes. It is a text because V8's own replacing is several times faster than a loop over bytes.
 */
export function messagesAsLatin1(stored: string): string {
  if (stored === '') return '';
  const start = stored.indexOf(MESSAGE_BEGIN) + MESSAGE_BEGIN.length;
  const messages = stored.slice(start, stored.lastIndexOf(MESSAGE_END)).replace(BETWEEN_MESSAGES, '\n');
  return `${unescaped(messages)}\n`;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  // After the escapes of backslashes are split off, every backslash begins an escape.
  return text.split('\\\\').map(withoutEscapes).join('\\');
}

function withoutEscapes(text: string): string {
  let rest = text;
  for (const mark of FREQUENT) rest = rest.replaceAll(mark, ESCAPED.get(mark) ?? mark);
  return rest.includes('\\') ? rest.replace(ESCAPE, (mark) => ESCAPED.get(mark) ?? mark) : rest;
}
