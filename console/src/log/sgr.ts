/*
 * Colours and weights of terminals: SGR, `ESC [ … m`. A style is a set of class names from a fixed list. It goes on
 * over the ends of lines until a sequence changes it, as in a terminal, but never past the output of its step.
 */

/** Class names from `c0`…`c15`, `b0`…`b15`, `bold`, `dim`, `italic`, `under`, `inverse`, `strike`. */
export type Style = ReadonlySet<string>;

/** No colours and no weights. */
export const PLAIN: Style = new Set();

const SGR = /\u001b\[([0-9;:]*)m/g;

/** The style that a message leaves for the next line of its step. */
export function styleAfter(style: Style, message: string): Style {
  if (!message.includes('\u001b[')) return style;
  let next = style;
  for (const [, parameters = ''] of message.matchAll(SGR)) next = nextStyle(next, parameters);
  return next.size === 0 ? PLAIN : next;
}

const WEIGHTS: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'under',
  7: 'inverse',
  9: 'strike',
};

/** A style after the parameters of one sequence. */
export function nextStyle(style: Style, parameters: string): Set<string> {
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
