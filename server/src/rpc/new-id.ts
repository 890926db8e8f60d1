import { randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A new id in the vendor's format, such as `crr-` and 16 random lower-case letters and digits (83 bits). */
export function newId(prefix: string): string {
  let suffix = '';
  for (let i = 0; i < 16; i++) suffix += ALPHABET[randomInt(ALPHABET.length)];
  return `${prefix}-${suffix}`;
}
