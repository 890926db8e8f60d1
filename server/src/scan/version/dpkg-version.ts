/**
 * Compares versions of Debian packages: `[epoch:]upstream[-revision]`. Negative if `a` is earlier.
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 */
export function compareDpkg(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  return (
    left.epoch - right.epoch || comparePart(left.upstream, right.upstream) || comparePart(left.revision, right.revision)
  );
}

function split(version: string): { epoch: number; upstream: string; revision: string } {
  const text = version.trim();
  const colon = text.indexOf(':');
  const epoch = colon < 0 ? 0 : Number(text.slice(0, colon));
  const rest = text.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  const upstream = hyphen < 0 ? rest : rest.slice(0, hyphen);
  return {
    epoch: Number.isSafeInteger(epoch) ? epoch : 0,
    upstream,
    revision: hyphen < 0 ? '' : rest.slice(hyphen + 1),
  };
}

/**
 * Texts and numbers alternate: texts are compared by characters, of which `~` comes before the end and letters before
 * all others.
 */
function comparePart(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    for (; (i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j)); i += 1, j += 1) {
      const order = weight(a, i) - weight(b, j);
      if (order !== 0) return order;
    }
    while (a[i] === '0') i += 1;
    while (b[j] === '0') j += 1;
    let first = 0;
    for (; isDigit(a, i) && isDigit(b, j); i += 1, j += 1) first ||= a.charCodeAt(i) - b.charCodeAt(j);
    if (isDigit(a, i)) return 1;
    if (isDigit(b, j)) return -1;
    if (first !== 0) return first;
  }
  return 0;
}

function weight(text: string, at: number): number {
  const char = text[at];
  if (char === undefined || isDigit(text, at)) return 0;
  if (char === '~') return -1;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}
