import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { hmac } from './hmac.ts';
import { byName, encodeRfc3986 } from './rfc3986.ts';
import type { SignedParts } from './verify-signature.ts';

/** The parts of a request that form v1 signs. */
export interface V1Request {
  readonly method: string;
  /** Query and form body together. */
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * Form v1 (RPC style, HMAC-SHA1): the signature is one of the parameters, in the query or the body, and covers all the others
 * in both.
 *
 *     string to sign = METHOD & %2F & encode(canonical query)
 *     signature      = base64(HMAC-SHA1(secret + "&", string to sign))
 */
export function v1Parts({ method, parameters }: V1Request): SignedParts {
  const accessKeyId = required(parameters, 'AccessKeyId');
  const signature = required(parameters, 'Signature');
  exactly(parameters, 'SignatureMethod', 'HMAC-SHA1');
  exactly(parameters, 'SignatureVersion', '1.0');
  // Some clients send an empty SignatureType. Any other type would be another kind of credential.
  if ((parameters.get('SignatureType') ?? '') !== '') {
    throw invalidParameter('SignatureType', 'it must be empty for HMAC-SHA1.');
  }
  const nonce = required(parameters, 'SignatureNonce');
  const timeStamp = parameters.get('TimeStamp') ?? required(parameters, 'Timestamp');
  const securityToken = parameters.get('SecurityToken');
  const stringsToSign = [v1StringToSign(method, parameters)] as const;
  return { accessKeyId, signature, nonce, timeStamp, securityToken, stringsToSign, sign: v1Signature };
}

/** The string that form v1 signs, which leaves out `Signature` itself. */
export function v1StringToSign(method: string, parameters: Iterable<readonly [string, string]>): string {
  const signed = [...parameters].filter(([name]) => name !== 'Signature');
  let encodedQuery = '';
  // The canonical query, encoded a second time as it is built: most names and values do not change.
  for (const [name, value] of signed.sort(byName)) {
    encodedQuery += `${encodedQuery === '' ? '' : '%26'}${encodeTwice(name)}%3D${encodeTwice(value)}`;
  }
  return `${method}&%2F&${encodedQuery}`;
}

function encodeTwice(text: string): string {
  const once = encodeRfc3986(text);
  return once === text ? text : once.replaceAll('%', '%25');
}

/** base64 of HMAC-SHA1, with the secret followed by `&` as the key. */
export function v1Signature(secret: string, stringToSign: string): string {
  return hmac('sha1', `${secret}&`, stringToSign, 'base64');
}

function required(parameters: ReadonlyMap<string, string>, name: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === '') throw missingParameter(name);
  return value;
}

function exactly(parameters: ReadonlyMap<string, string>, name: string, only: string): void {
  if (required(parameters, name) !== only) throw invalidParameter(name, `only ${only} is accepted.`);
}
