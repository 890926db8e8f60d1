import type { Page } from './page.ts';
import type { StoredLine } from './stored-line.ts';

/*
 * A page is lines of one form, joined by commas: `{"LineNumber":N,"Message":"…","BuildStage":"…"}`. Inside a JSON string every
 * quote follows a backslash, so that the bytes below cannot stand in a message: they tell where lines and messages begin
 * and end without parsing.
 */
const BETWEEN_LINES = utf8('},{"LineNumber":');
const LINE_BEGIN = utf8('{"LineNumber":');
const BEFORE_MESSAGE = utf8(',"Message":');
const AFTER_MESSAGE = utf8(',"BuildStage":"');
const BACKSLASH = 0x5c;
const LF = Buffer.of(0x0a);

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

/** The messages of a page as UTF-8, each ended by LF. */
export function messagesOf(page: Page): Buffer {
  const { bytes } = page;
  const parts: Buffer[] = [];
  let backslash = bytes.indexOf(BACKSLASH);
  for (let start = 0; start < bytes.length; ) {
    const end = lineEnd(bytes, start);
    const from = bytes.indexOf(BEFORE_MESSAGE, start) + BEFORE_MESSAGE.length;
    const to = bytes.lastIndexOf(AFTER_MESSAGE, end);
    if (backslash !== -1 && backslash < from) backslash = bytes.indexOf(BACKSLASH, from);
    const isPlain = backslash === -1 || backslash >= to;
    parts.push(isPlain ? bytes.subarray(from + 1, to - 1) : decoded(bytes.toString('utf8', from, to)), LF);
    start = end + 1;
  }
  return Buffer.concat(parts);
}

/** Where the line ends in which byte `at` is: one past its brace. */
function lineEnd(bytes: Buffer, at: number): number {
  const next = bytes.indexOf(BETWEEN_LINES, at);
  return next === -1 ? bytes.length : next + 1;
}

function decoded(json: string): Buffer {
  return utf8(JSON.parse(json) as string);
}

function utf8(text: string): Buffer {
  return Buffer.from(text);
}
