import { isUtf8 } from 'node:buffer';
import { invalidParameter } from '#rpc/api-error.ts';

/** Name and value of one parameter, decoded. */
export type Parameter = readonly [name: string, value: string];

/** More than this many parameters are refused (CVE-2022-24999 and its kin). */
export const parameterLimit = 1000;

/**
 * Decodes a query string or form body strictly: `+` is a space, every `%` needs two hex digits, and the bytes of
 * each name and value must be UTF-8. Nothing is repaired, because two different requests must never share one
 * signature. Throws `InvalidParameter` naming the parameter, or its position when the name itself is broken.
 */
export function parseUrlEncoded(bytes: Buffer): Parameter[] {
  if (bytes.length === 0) return [];
  const parameters: Parameter[] = [];
  for (const piece of bytes.toString('latin1').split('&')) {
    if (piece === '') continue;
    if (parameters.length === parameterLimit) {
      throw invalidParameter('…', `more than ${parameterLimit} parameters were sent.`);
    }
    const equals = piece.indexOf('=');
    const rawName = equals === -1 ? piece : piece.slice(0, equals);
    const rawValue = equals === -1 ? '' : piece.slice(equals + 1);
    const name = decode(rawName) ?? refuse(`number ${parameters.length + 1}`, 'its name');
    if (name === '') throw invalidParameter(`number ${parameters.length + 1}`, 'it has no name.');
    parameters.push([name, decode(rawValue) ?? refuse(name, 'its value')]);
  }
  return parameters;
}

/** The decoded text, or undefined where the encoding or the UTF-8 is broken. */
function decode(raw: string): string | undefined {
  if (/^[\w.~:/-]*$/.test(raw)) return raw;
  if (/%(?![0-9A-Fa-f]{2})/.test(raw)) return undefined;
  const bytes = Buffer.from(raw, 'latin1');
  if (!isUtf8(bytes)) return undefined;
  try {
    return decodeURIComponent(bytes.toString('utf8').replaceAll('+', ' '));
  } catch {
    // decodeURIComponent throws a URIError only where the percent-encoded bytes are not UTF-8.
    return undefined;
  }
}

function refuse(name: string, what: string): never {
  throw invalidParameter(name, `${what} is not percent-encoded UTF-8.`);
}
