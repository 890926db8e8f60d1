import type { StoredLine } from '../format/stored-line.ts';
import type { TextSlice } from '../format/text-slice.ts';

/*
 * Lines are stored as `{"LineNumber":N,"Message":"…","BuildStage":"…"}`. Inside a JSON string every quote follows a backslash, so
 * that `","BuildStage":"` cannot occur in a message: it marks the end of a message without parsing.
 */
const MESSAGE_BEGIN = '"Message":"';
const MESSAGE_END = '","BuildStage":"';
/** From the end of a message to the beginning of the next one, whether LF or a comma stands between the lines. */
const BETWEEN_MESSAGES = /","BuildStage":"(?:[^"\\]|\\.)*"\}[,\n]\{"LineNumber":\d+,"Message":"/g;
const ESCAPE = /\\(?:u00..|.)/g;
/** What JSON.stringify makes of a character, and the character: in well-formed text these are all it escapes. */
const ESCAPED = new Map(
  [...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)), '"', '\\'].map((character) => [
    JSON.stringify(character).slice(1, -1),
    character,
  ]),
);
/** Those that are in most logs, and can be replaced whole. */
const FREQUENT = ['\\"', '\\u001b', '\\t'] as const;
const LF = 10;

/** The bytes that a text inside a message is stored as. */
export function storedForm(text: string): Buffer {
  return Buffer.from(JSON.stringify(text).slice(1, -1));
}

/** The numbers of a slice's lines whose message holds `text`, which must not be empty. At most `limit`. */
export function linesWith(slice: TextSlice, text: string, limit: number): number[] {
  // A message that holds the text holds, as JSON, the text's JSON; the other way round it must be looked at.
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
 * The messages of lines, each ended by LF, as the Latin-1 text of their UTF-8 bytes: writing it as `latin1` gives the bytes.
 * As text, since V8's own replacing is several times faster than a loop over bytes.
 */
export function messagesAsLatin1(lines: Buffer): string {
  if (lines.length === 0) return '';
  const stored = lines.toString('latin1');
  const start = stored.indexOf(MESSAGE_BEGIN) + MESSAGE_BEGIN.length;
  const messages = stored.slice(start, stored.lastIndexOf(MESSAGE_END)).replace(BETWEEN_MESSAGES, '\n');
  return `${unescaped(messages)}\n`;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  // Between two backslashes' escapes a backslash begins an escape, wherever it stands.
  return text.split('\\\\').map(withoutEscapes).join('\\');
}

function withoutEscapes(text: string): string {
  let rest = text;
  for (const mark of FREQUENT) rest = rest.replaceAll(mark, ESCAPED.get(mark) ?? mark);
  return rest.includes('\\') ? rest.replace(ESCAPE, (mark) => ESCAPED.get(mark) ?? mark) : rest;
}
