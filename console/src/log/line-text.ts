/*
 * Turns a message into what the page shows. Log text is hostile: it may contain markup, terminal commands, or
 * characters that make text look different from what it is. The result is a list of pieces, each a text and a few class
 * names from a fixed list; the page creates only text nodes from them.
 *
 * Only one kind of escape sequence has an effect: SGR (`sgr.ts`), until the output of its step ends.
 * Other complete sequences are removed: CSI, OSC, DCS, SOS, PM, APC, and ESC with one character
 * (https://ecma-international.org/publications-and-standards/standards/ecma-48/). A sequence that does not end within
 * the line hides nothing: its ESC is shown and the rest stays. Other control characters, and characters that reorder or
 * hide text, are shown as symbols.
 */

import { nextStyle, PLAIN, type Style } from './sgr.ts';

/** A piece of text with one look. */
export interface Piece {
  readonly text: string;
  /** Names from `c0`…`c15`, `b0`…`b15`, `bold`, `dim`, `italic`, `under`, `inverse`, `strike`, `control`, `found`. */
  readonly classes: readonly string[];
  /** The http or https address, if the text is one. */
  readonly href?: string;
}

export interface LineTextOptions {
  /** Show every state of a line that rewrote itself with CR, instead of the last. */
  readonly wholeProgress: boolean;
  /** A text to mark, ignoring case. */
  readonly find?: string | undefined;
  /** The style that the lines before this one left; plain if absent. */
  readonly style?: Style;
}

/**
 * A line full of escapes would become thousands of elements: after this many pieces, the rest is one unstyled piece.
 */
const PIECE_LIMIT = 500;
const CSI = /^\u001b\[([0-?]*)[ -/]*([@-~])/;
const STRING = /^\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)/;
const SHORT = /^\u001b[ -/]*[0-Z\\`-~]/;
/** C0 except tab, DEL and C1; bidi controls; invisible characters. */
const SHOWN =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]+/gu;
const LINK = /https?:\/\/[^\s<>"'`{}|\\^]+/g;

/** The pieces of a message, in order. */
export function lineText(message: string, options: LineTextOptions): Piece[] {
  const styled = applyEscapes(options.wholeProgress ? message : lastState(message), options.style ?? PLAIN);
  const shown = joinPast(PIECE_LIMIT, styled.flatMap(showControls));
  const linked = shown.flatMap(findLinks);
  const marked = options.find ? linked.flatMap((piece) => markFound(piece, options.find ?? '')) : linked;
  return joinPast(PIECE_LIMIT, marked);
}

/** How many times a message rewrote itself. */
export function rewriteCount(message: string): number {
  return trimEnd(message, '\r').split('\r').length - 1;
}

/** The message as copied: the text that `lineText` shows, without escape sequences. */
export function plainText(message: string, wholeProgress = false): string {
  return lineText(message, { wholeProgress })
    .map((piece) => piece.text)
    .join('');
}

/** The text after the last CR, with the colours that were set before it. */
function lastState(message: string): string {
  const states = trimEnd(message, '\r').split('\r');
  const last = states.pop() ?? '';
  const before = states.join('').match(/\u001b\[[0-9;:]*m/g) ?? [];
  return before.join('') + last;
}

function joinPast(limit: number, pieces: Piece[]): Piece[] {
  if (pieces.length <= limit) return pieces;
  const rest = pieces.slice(limit).map((piece) => piece.text);
  return [...pieces.slice(0, limit), { text: rest.join(''), classes: [] }];
}

/** Takes linear time, unlike a regular expression that ends with `$`. */
function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

function applyEscapes(text: string, before: Style): Piece[] {
  const pieces: Piece[] = [];
  let style = before;
  let rest = text;
  const add = (part: string) => {
    if (part !== '') pieces.push({ text: part, classes: [...style] });
  };
  // Past the limit, escapes are shown instead of interpreted.
  while (pieces.length < PIECE_LIMIT) {
    const at = rest.indexOf('\u001b');
    if (at === -1) break;
    add(rest.slice(0, at));
    rest = rest.slice(at);
    const csi = CSI.exec(rest);
    const other = csi ?? STRING.exec(rest) ?? SHORT.exec(rest);
    if (csi?.[2] === 'm') style = nextStyle(style, csi[1] ?? '');
    if (other === null) add('\u001b');
    rest = rest.slice(other?.[0].length ?? 1);
  }
  add(rest);
  return pieces;
}

function showControls(piece: Piece): Piece[] {
  return splitBy(piece, SHOWN, (text) => ({
    text: Array.from(text, nameOfControl).join(''),
    classes: [...piece.classes, 'control'],
  }));
}

function nameOfControl(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}

function findLinks(piece: Piece): Piece[] {
  if (piece.classes.includes('control')) return [piece];
  return splitBy(piece, LINK, (text) => {
    const address = trimEnd(text, '.,;:!?)]');
    const href = safeAddress(address);
    const link = href === undefined ? { ...piece, text: address } : { ...piece, text: address, href };
    return address === text ? link : [link, { ...piece, text: text.slice(address.length) }];
  });
}

/** The address a text may link to: only http or https, and only to the host that the text shows. */
function safeAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, host, href } = new URL(text);
  if ((protocol !== 'http:' && protocol !== 'https:') || username !== '' || password !== '') return undefined;
  return text.toLowerCase().startsWith(`${protocol}//${host}`) ? href : undefined;
}

function markFound(piece: Piece, find: string): Piece[] {
  const escaped = find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return splitBy(piece, new RegExp(escaped, 'giu'), (text) => ({
    ...piece,
    text,
    classes: [...piece.classes, 'found'],
  }));
}

function splitBy(piece: Piece, pattern: RegExp, make: (text: string) => Piece | Piece[]): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of piece.text.matchAll(pattern)) {
    if (match.index > end) pieces.push({ ...piece, text: piece.text.slice(end, match.index) });
    pieces.push(...[make(match[0])].flat());
    end = match.index + match[0].length;
  }
  if (end < piece.text.length) pieces.push({ ...piece, text: piece.text.slice(end) });
  return pieces;
}

/** The pieces up to a number of characters, and how many characters follow. */
export function cutPieces(pieces: readonly Piece[], limit: number): { pieces: readonly Piece[]; cutChars: number } {
  const count = pieces.reduce((sum, { text }) => sum + text.length, 0);
  if (count <= limit) return { pieces, cutChars: 0 };
  const kept: Piece[] = [];
  let room = limit;
  for (const piece of pieces) {
    if (room === 0) break;
    const text = piece.text.slice(0, room);
    kept.push({ ...piece, text });
    room -= text.length;
  }
  return { pieces: kept, cutChars: count - limit };
}
