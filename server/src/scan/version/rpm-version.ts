/**
 * Compares versions of RPM packages: `[epoch:]version[-release]`. Negative if `a` is earlier. If one side has no
 * release, releases are ignored. https://rpm-software-management.github.io/rpm/man/rpm-version.7
 */
export function compareRpm(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  const byVersion = left.epoch - right.epoch || comparePart(left.version, right.version);
  if (byVersion !== 0 || left.release === undefined || right.release === undefined) return byVersion;
  return comparePart(left.release, right.release);
}

function split(text: string): { epoch: number; version: string; release: string | undefined } {
  const colon = text.indexOf(':');
  const epoch = colon < 0 ? 0 : Number(text.slice(0, colon));
  const rest = text.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  const [version, release] = hyphen < 0 ? [rest, undefined] : [rest.slice(0, hyphen), rest.slice(hyphen + 1)];
  return { epoch: Number.isSafeInteger(epoch) ? epoch : 0, version, release };
}

/**
 * Numbers and words alternate: `~` comes before everything, including the end; `^` after the end, and before everything
 * else.
 */
function comparePart(a: string, b: string): number {
  let [i, j] = [0, 0];
  for (;;) {
    while (isSeparator(a[i])) i += 1;
    while (isSeparator(b[j])) j += 1;
    const [left, right] = [a[i], b[j]];
    if (left === '~' || right === '~') {
      if (left !== right) return left === '~' ? -1 : 1;
      [i, j] = [i + 1, j + 1];
      continue;
    }
    if (left === '^' || right === '^') {
      if (left === undefined) return -1;
      if (right === undefined) return 1;
      if (left !== right) return left === '^' ? -1 : 1;
      [i, j] = [i + 1, j + 1];
      continue;
    }
    if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
    const isNumber = isDigit(left);
    // A number is later than a word.
    if (isNumber !== isDigit(right)) return isNumber ? 1 : -1;
    const [iEnd, jEnd] = [endOf(a, i, isNumber), endOf(b, j, isNumber)];
    const order = isNumber
      ? compareNumbers(a.slice(i, iEnd), b.slice(j, jEnd))
      : compareTexts(a.slice(i, iEnd), b.slice(j, jEnd));
    if (order !== 0) return order;
    [i, j] = [iEnd, jEnd];
  }
}

function endOf(text: string, from: number, ofNumber: boolean): number {
  let end = from;
  while (end < text.length && (ofNumber ? isDigit(text[end]) : isLetter(text[end]))) end += 1;
  return end;
}

/** Decimal numbers of any length. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [withoutZeros(a), withoutZeros(b)];
  return left.length - right.length || compareTexts(left, right);
}

function withoutZeros(text: string): string {
  let from = 0;
  while (text[from] === '0') from += 1;
  return text.slice(from);
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function isSeparator(char: string | undefined): boolean {
  return char !== undefined && char !== '~' && char !== '^' && !isDigit(char) && !isLetter(char);
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= '0' && char <= '9';
}

function isLetter(char: string | undefined): boolean {
  return char !== undefined && ((char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z'));
}
