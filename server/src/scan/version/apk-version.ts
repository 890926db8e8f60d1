/*
 * Versions of Alpine packages: `1.2.3b_rc1~hash-r4`, as apk 3 orders them. https://gitlab.alpinelinux.org/alpine/apk-tools (doc/apk-package.5.scd)
 * A version is a sequence of parts of these kinds, in this order. It ends at the first text that is no such part.
 */
const [NUMBER, LETTER, SUFFIX, SUFFIX_NUMBER, HASH, REVISION, END] = [0, 1, 2, 3, 4, 5, 6] as const;

interface Part {
  kind: number;
  text: string;
}

const BEFORE_RELEASE = ['alpha', 'beta', 'pre', 'rc'];
const SUFFIXES = [...BEFORE_RELEASE, '', 'cvs', 'svn', 'git', 'hg', 'p'];

/** Compares versions of Alpine packages. Negative if `a` is earlier. */
export function compareApk(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let at = 0; ; at += 1) {
    const [one, other] = [left[at] ?? LAST, right[at] ?? LAST];
    if (one.kind !== other.kind) {
      // The longer one is later, unless its next part marks a version before the release.
      if (isBeforeRelease(one)) return -1;
      if (isBeforeRelease(other)) return 1;
      return other.kind - one.kind;
    }
    if (one.kind === END) return 0;
    const order = compareParts(one, other, at === 0);
    if (order !== 0) return order;
  }
}

const LAST: Part = { kind: END, text: '' };

function partsOf(version: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  const run = (of: RegExp): string => {
    const from = at;
    while (at < version.length && of.test(version.charAt(at))) at += 1;
    return version.slice(from, at);
  };
  let kind: number = NUMBER;
  while (at < version.length || parts.length === 0) {
    const text =
      kind === LETTER ? version.charAt(at++) : run(kind === SUFFIX ? /[a-z]/ : kind === HASH ? /[0-9a-f]/ : /\d/);
    if (text === '' || (kind === SUFFIX && !SUFFIXES.includes(text))) return parts;
    parts.push({ kind, text });
    const next = nextKind(version, at, kind);
    if (next === undefined) return parts;
    [kind, at] = [next.kind, next.at];
  }
  return parts;
}

/** The kind of the next part, and where its text begins. */
function nextKind(version: string, at: number, before: number): { kind: number; at: number } | undefined {
  const char = version.charAt(at);
  if (char === '.' && before === NUMBER) return { kind: NUMBER, at: at + 1 };
  if (/[a-z]/.test(char) && before === NUMBER) return { kind: LETTER, at };
  if (/\d/.test(char) && before === SUFFIX) return { kind: SUFFIX_NUMBER, at };
  if (char === '_' && before <= SUFFIX_NUMBER) return { kind: SUFFIX, at: at + 1 };
  if (char === '~' && before <= SUFFIX_NUMBER) return { kind: HASH, at: at + 1 };
  if (char === '-' && version.charAt(at + 1) === 'r' && before < REVISION) return { kind: REVISION, at: at + 2 };
  return undefined;
}

function isBeforeRelease({ kind, text }: Part): boolean {
  return kind === SUFFIX && BEFORE_RELEASE.includes(text);
}

/** A number after a point that begins with 0 is a fraction, which is compared as text. */
function compareParts(a: Part, b: Part, isFirst: boolean): number {
  if (a.kind === SUFFIX) return SUFFIXES.indexOf(a.text) - SUFFIXES.indexOf(b.text);
  const isFraction = a.kind === NUMBER && !isFirst && (a.text.startsWith('0') || b.text.startsWith('0'));
  if (a.kind === LETTER || a.kind === HASH || isFraction) return a.text === b.text ? 0 : a.text < b.text ? -1 : 1;
  const [left, right] = [BigInt(a.text), BigInt(b.text)];
  return left === right ? 0 : left < right ? -1 : 1;
}
