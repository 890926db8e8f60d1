import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccessKey, AccountKeys } from '#account/account.ts';
import type { IpRange } from '#address/ip-range.ts';
import type { Nonces } from '#audit/nonces.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError, invalidParameter } from '#rpc/errors/api-error.ts';
import type { CallOrigin } from './call-origin.ts';
import type { Throttle } from './throttle.ts';
import { checkTimeStamp, fromBeforeNonces } from './time-stamp.ts';

/** What checking a signature needs. */
export interface Verifier {
  readonly account: AccountKeys;
  readonly nonces: Nonces;
  /** Milliseconds since 1970. */
  now(): number;
  /** `host:port` of the public URL. A client signs this host even if a proxy rewrites the Host header. */
  readonly publicHost?: string;
  /** Proxies that are trusted to report where a call came from. */
  readonly trustedProxies?: readonly IpRange[];
  /** Without it, there is no limit. */
  readonly throttle?: Throttle;
}

/** The parts of a signed request, in either form. */
export interface SignedParts {
  readonly accessKeyId: string;
  /** As sent. */
  readonly signature: string;
  readonly nonce: string;
  readonly timeStamp: string;
  readonly securityToken: string | undefined;
  /** The strings that the client may have signed. If it signed none of them, the error shows the first. */
  readonly stringsToSign: readonly [string, ...string[]];
  /** Signs a string with a secret, in the format that is sent. */
  sign(secret: string, stringToSign: string): string;
}

const NONCE_LIMIT_CHARS = 128;
// Room for nonces becomes free every few minutes.
const NONCE_RETRY_MS = 60_000;
// An unknown key is checked against this secret, so that it takes as long as a known key.
const noSecret = randomBytes(32).toString('hex');

/**
 * Checks time, key, signature, token and nonce, in this order, so that only holders of a secret can fill the nonce memory.
 * Throws the vendor's codes. The message of a mismatch ends with the string to sign, which clients compare with their own.
 */
export async function verifySignature(parts: SignedParts, verifier: Verifier, origin: CallOrigin): Promise<Principal> {
  const nowMs = verifier.now();
  const timeMs = checkTimeStamp(parts.timeStamp, nowMs);
  if (parts.nonce.length > NONCE_LIMIT_CHARS) {
    throw invalidParameter('SignatureNonce', `it is longer than ${NONCE_LIMIT_CHARS} characters.`);
  }
  const key = await verifier.account.findKey(parts.accessKeyId);
  const usable = key !== undefined && key.accessKeySecret !== '';
  const secret = usable ? key.accessKeySecret : noSecret;
  const matches = parts.stringsToSign.some((text) => sameText(parts.sign(secret, text), parts.signature));
  if (!usable) throw new ApiError('InvalidAccessKeyId.NotFound', 404, 'Specified access key is not found.');
  if (!matches) throw signatureMismatch(parts.stringsToSign[0]);
  checkKey(key, parts.securityToken ?? '', nowMs);
  takeCall(verifier, key.principal.arn, nowMs);
  const asked = verifier.nonces.use(parts.accessKeyId, parts.nonce, timeMs);
  // Nonces in memory answer at once.
  const use = asked instanceof Promise ? await asked : asked;
  if (use === 'used') {
    throw new ApiError('SignatureNonceUsed', 400, 'Specified signature nonce was used already.');
  }
  if (use === 'full') throw throttled(NONCE_RETRY_MS);
  if (use !== 'new') throw fromBeforeNonces(parts.timeStamp, use.notBeforeMs);
  verifier.account.noteUse?.(key, nowMs);
  return { ...key.principal, call: { timeMs: nowMs, ...origin } };
}

/** Counts a caller's call. Throws `Throttling.User` if it exceeds the limit. */
export function takeCall({ throttle }: Verifier, caller: string, nowMs: number): void {
  const retryAfterMs = throttle?.take(caller, nowMs);
  if (retryAfterMs !== undefined) throw throttled(retryAfterMs);
}

/** Refuses a key that is disabled or expired, or that came without the token it was issued with. */
function checkKey(key: AccessKey, securityToken: string, nowMs: number): void {
  if (key.status === 'Inactive') {
    throw new ApiError('InvalidAccessKeyId.Inactive', 400, 'Specified access key is disabled.');
  }
  if (key.securityToken !== undefined && securityToken === '') {
    throw new ApiError('MissingSecurityToken', 400, 'The SecurityToken of this temporary access key is not supplied.');
  }
  if (!sameText(key.securityToken ?? '', securityToken)) {
    const message = 'Specified SecurityToken mismatch with the AccessKey.';
    throw new ApiError('InvalidSecurityToken.MismatchWithAccessKey', 400, message);
  }
  if (key.expiresMs !== undefined && nowMs >= key.expiresMs) {
    throw new ApiError('InvalidSecurityToken.Expired', 400, 'Specified SecurityToken is expired.');
  }
}

function throttled(retryAfterMs: number): ApiError {
  return new ApiError('Throttling.User', 400, 'Request was denied due to user flow control.', { retryAfterMs });
}

/** Clients split the message after its fixed words and compare the rest with their own string, so nothing may follow. */
function signatureMismatch(stringToSign: string): ApiError {
  const message = 'Specified signature is not matched with our calculation. server string to sign is:';
  return new ApiError('SignatureDoesNotMatch', 400, message + stringToSign);
}

/** Compares texts of equal length in a time that does not depend on where they differ. */
function sameText(expected: string, given: string): boolean {
  // An empty text is not a secret, and most calls have no token.
  if (expected === '' || given === '') return expected === given;
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
