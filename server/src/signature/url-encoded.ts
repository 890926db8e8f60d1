import { isUtf8 } from 'node:buffer';
import { invalidParameter } from '#rpc/errors/api-error.ts';

/** Name and value of one parameter, decoded. */
export type Parameter = readonly [name: string, value: string];

/** More parameters than this are refused (CVE-2022-24999 and similar attacks). */
export const PARAMETER_LIMIT = 1000;

/**
 * Longer names and values are refused for every operation. The longest valid values are policies, with about 6,000 characters.
 * Counted in characters as sent: `%E2%82%AC` is nine.
 */
export const NAME_LIMIT_CHARS = 256;
export const VALUE_LIMIT_CHARS = 64 * 1024;

const PERCENT = 0x25;
const PLUS = 0x2b;
const LAST_ASCII = 0x7f;

/**
 * Decodes a query string or form body, given as the Latin-1 text of its bytes, strictly: `+` is a space, every `%` needs two hex
 * digits, and the bytes of each name and value must be UTF-8. Nothing is repaired, because two different requests must never
 * share one signature. Throws `InvalidParameter` with the parameter's name, or its position if the name itself is broken.
 */
export function parseUrlEncoded(latin1: string): Parameter[] {
  const parameters: Parameter[] = [];
  for (let at = 0; at < latin1.length; ) {
    const next = latin1.indexOf('&', at);
    const end = next === -1 ? latin1.length : next;
    if (end > at) parameters.push(parsePiece(latin1.slice(at, end), parameters.length + 1));
    at = end + 1;
  }
  return parameters;
}

function parsePiece(piece: string, number: number): Parameter {
  if (number > PARAMETER_LIMIT) throw invalidParameter('…', `more than ${PARAMETER_LIMIT} parameters were sent.`);
  const equals = piece.indexOf('=');
  const rawName = equals === -1 ? piece : piece.slice(0, equals);
  const rawValue = equals === -1 ? '' : piece.slice(equals + 1);
  if (rawName.length > NAME_LIMIT_CHARS)
    throw invalidParameter(`number ${number}`, `its name is longer than ${NAME_LIMIT_CHARS} characters.`);
  const name = decode(rawName) ?? refuse(`number ${number}`, 'its name');
  if (name === '') throw invalidParameter(`number ${number}`, 'it has no name.');
  if (rawValue.length > VALUE_LIMIT_CHARS)
    throw invalidParameter(name, `its value is longer than ${VALUE_LIMIT_CHARS} characters.`);
  return [name, decode(rawValue) ?? refuse(name, 'its value')];
}

/** The decoded text, or undefined if the encoding or the UTF-8 is broken. */
function decode(raw: string): string | undefined {
  let [isAscii, isCoded] = [true, false];
  for (let at = 0; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at);
    if (code === PERCENT || code === PLUS) isCoded = true;
    else if (code > LAST_ASCII) isAscii = false;
  }
  if (isAscii && !isCoded) return raw;
  const text = isAscii ? raw : utf8(Buffer.from(raw, 'latin1'));
  if (text === undefined || !isCoded) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // A URIError: a `%` without two hex digits, or bytes that are not UTF-8.
    return undefined;
  }
}

function utf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

function refuse(name: string, what: string): never {
  throw invalidParameter(name, `${what} is not percent-encoded UTF-8.`);
}

/** The part after `?`, or an empty string. Node gives a request's target as the Latin-1 text of its bytes. */
export function queryOf(target: string): string {
  const mark = target.indexOf('?');
  return mark === -1 ? '' : target.slice(mark + 1);
}
