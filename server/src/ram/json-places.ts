/** A text that is not JSON, and the offset at which that shows. */
export class JsonMistake extends Error {
  override readonly name = 'JsonMistake';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Deeper texts are refused here, so that no text overflows the stack. */
const DEPTH_LIMIT = 64;
const SPACE = /[ \t\n\r]*/y;
const SCALAR =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * The offset of each value of a JSON text, by places such as `Statement[0].Action[2]`; the whole text is the place ``.
 * Accepts exactly what `JSON.parse` does, up to a depth of 64, and unlike it always says where a mistake is. Throws
 * `JsonMistake`.
 */
export function jsonPlaces(text: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  let at = 0;
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const mistake = (expected: string): JsonMistake => {
    const found = at >= text.length ? 'the text ends' : `there is ${JSON.stringify(text[at])}`;
    return new JsonMistake(`not JSON: ${found} where ${expected} must be`, at);
  };
  const take = (sign: string): boolean => {
    skip(SPACE);
    if (text[at] !== sign) return false;
    at++;
    return true;
  };
  const scalar = (expected: string): string => {
    skip(SPACE);
    const found = skip(SCALAR);
    if (found === '') throw mistake(expected);
    return found;
  };
  const members = (place: string, depth: number): void => {
    if (take('}')) return;
    do {
      skip(SPACE);
      if (text[at] !== '"') throw mistake('a name in double quotes');
      const name = String(JSON.parse(scalar('a name in double quotes')));
      if (!take(':')) throw mistake('a colon');
      value(place === '' ? name : `${place}.${name}`, depth);
    } while (take(','));
    if (!take('}')) throw mistake('a comma or }');
  };
  const entries = (place: string, depth: number): void => {
    if (take(']')) return;
    let index = 0;
    do value(`${place}[${index++}]`, depth);
    while (take(','));
    if (!take(']')) throw mistake('a comma or ]');
  };
  const value = (place: string, depth: number): void => {
    skip(SPACE);
    if (depth > DEPTH_LIMIT) throw new JsonMistake(`more than ${DEPTH_LIMIT} levels of lists and objects`, at);
    places.set(place, at);
    if (take('{')) members(place, depth + 1);
    else if (take('[')) entries(place, depth + 1);
    else scalar('a value');
  };
  value('', 0);
  skip(SPACE);
  if (at < text.length) throw mistake('the end');
  return places;
}
