/**
 * Compares semantic versions, with or without a leading `v`, as npm and Go modules write them; missing numbers are 0.
 * Negative if `a` is earlier. https://semver.org/#spec-item-11
 */
export function compareSemver(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  for (let part = 0; part < Math.max(left.numbers.length, right.numbers.length); part += 1) {
    const order = compareIdentifiers(left.numbers[part] ?? '0', right.numbers[part] ?? '0');
    if (order !== 0) return order;
  }
  if (left.before.length === 0 || right.before.length === 0)
    return Number(left.before.length === 0) - Number(right.before.length === 0);
  for (let part = 0; part < Math.max(left.before.length, right.before.length); part += 1) {
    const [one, other] = [left.before[part], right.before[part]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const order = compareIdentifiers(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

function split(version: string): { numbers: string[]; before: string[] } {
  const trimmed = version.trim();
  const text = (/^[v=]/.test(trimmed) ? trimmed.slice(1) : trimmed).split('+', 1)[0] ?? '';
  const hyphen = text.indexOf('-');
  const numbers = (hyphen < 0 ? text : text.slice(0, hyphen)).split('.');
  return { numbers, before: hyphen < 0 ? [] : text.slice(hyphen + 1).split('.') };
}

/** Numbers are earlier than words. */
function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [isNumber(a), isNumber(b)];
  if (left && right) return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b));
  if (left !== right) return left ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
