/*
 * Turns a message into what the page shows. Log text is hostile: it may contain markup, terminal commands, or
 * characters that make text look different from what it is. The result is a list of pieces, each a text and a few class
 * names from a fixed list; the page creates only text nodes from them.
 *
 * Only one kind of escape sequence has an effect: SGR (colours and weight, `ESC [ … m`), until the end of its line.
 * Other complete sequences are removed: CSI, OSC, DCS, SOS, PM, APC, and ESC with one character
 * (https://ecma-international.org/publications-and-standards/standards/ecma-48/). A sequence that does not end within
 * the line hides nothing: its ESC is shown and the rest stays. Other control characters, and characters that reorder or
 * hide text, are shown as symbols.
 */

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
  const styled = applyEscapes(options.wholeProgress ? message : lastState(message));
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

function applyEscapes(text: string): Piece[] {
  const pieces: Piece[] = [];
  let style = new Set<string>();
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

const WEIGHTS: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'under',
  7: 'inverse',
  9: 'strike',
};

function nextStyle(style: ReadonlySet<string>, parameters: string): Set<string> {
  const next = new Set(style);
  const codes = parameters.split(/[;:]/).map((code) => Number(code || 0));
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    const weight = WEIGHTS[code];
    if (code === 0) next.clear();
    else if (weight) next.add(weight);
    else if (code === 22) remove(next, /^(bold|dim)$/);
    else if (code >= 23 && code <= 29) next.delete(WEIGHTS[code - 20] ?? '');
    else if (code === 39) remove(next, /^c\d/);
    else if (code === 49) remove(next, /^b\d/);
    else if (code === 38 || code === 48) {
      const { index, used } = extendedColour(codes.slice(i + 1));
      i += used;
      if (index !== undefined) colour(next, code === 38 ? 'c' : 'b', index);
    } else if (code >= 30 && code <= 37) colour(next, 'c', code - 30);
    else if (code >= 40 && code <= 47) colour(next, 'b', code - 40);
    else if (code >= 90 && code <= 97) colour(next, 'c', code - 82);
    else if (code >= 100 && code <= 107) colour(next, 'b', code - 92);
  }
  return next;
}

/** `5;N` or `2;R;G;B`, as the nearest of the sixteen colours, all of which are readable in both themes. */
function extendedColour(codes: readonly number[]): { index: number | undefined; used: number } {
  const [kind, a = 0, b = 0, c = 0] = codes;
  if (kind === 2) return { index: nearest(a, b, c), used: 4 };
  if (kind !== 5) return { index: undefined, used: 0 };
  if (a < 16) return { index: a, used: 2 };
  if (a >= 232) return { index: nearest((a - 232) * 10 + 8, (a - 232) * 10 + 8, (a - 232) * 10 + 8), used: 2 };
  const level = (value: number) => (value === 0 ? 0 : value * 40 + 55);
  const cube = a - 16;
  return { index: nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6)), used: 2 };
}

function nearest(red: number, green: number, blue: number): number {
  const brightest = Math.max(red, green, blue);
  if (brightest < 40) return 0;
  if (brightest - Math.min(red, green, blue) < 30) return brightest > 200 ? 15 : brightest > 140 ? 7 : 8;
  const on = (value: number, bit: number) => (value > brightest * 0.6 ? bit : 0);
  return on(red, 1) + on(green, 2) + on(blue, 4) + (brightest > 200 ? 8 : 0);
}

function colour(style: Set<string>, kind: 'c' | 'b', index: number): void {
  remove(style, kind === 'c' ? /^c\d/ : /^b\d/);
  style.add(`${kind}${index}`);
}

function remove(style: Set<string>, names: RegExp): void {
  for (const name of style) if (names.test(name)) style.delete(name);
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
