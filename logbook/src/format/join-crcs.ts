/** The polynomial of gzip's CRC-32, its bits reflected: x^0 is the highest. */
const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;
/** x^(8·2^n) modulo the polynomial: the factor for a CRC when 2^n bytes follow. */
const POWERS = powers();

/** The CRC-32 of two concatenated byte strings, from their CRCs and the length of the second, without the bytes. */
export function joinCrcs(first: number, second: number, secondBytes: number): number {
  let shifted = first;
  for (let bytes = secondBytes, power = 0; bytes > 0; bytes = Math.floor(bytes / 2), power += 1) {
    if (bytes % 2 === 1) shifted = multiply(POWERS[power] ?? 0, shifted);
  }
  return (shifted ^ second) >>> 0;
}

/** The product of two polynomials modulo the one of the CRC. */
function multiply(left: number, right: number): number {
  let product = 0;
  let factor = right;
  for (let rest = left; rest !== 0; rest <<= 1) {
    if ((rest & ONE) !== 0) product ^= factor;
    factor = (factor & 1) === 1 ? (factor >>> 1) ^ POLYNOMIAL : factor >>> 1;
  }
  return product >>> 0;
}

function powers(): number[] {
  const found = [ONE >>> 8];
  // A length is at most 2^53.
  while (found.length < 53) found.push(multiply(found.at(-1) ?? 0, found.at(-1) ?? 0));
  return found;
}
