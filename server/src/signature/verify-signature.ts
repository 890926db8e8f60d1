import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccessKey, AccountKeys } from '#account/account.ts';
import type { Nonces } from '#audit/nonces.ts';
import type { IpRange } from '#ram/ip-range.ts';
import type { Principal } from '#ram/principal.ts';
import { ApiError, invalidParameter } from '#rpc/api-error.ts';
import type { CallOrigin } from './call-origin.ts';
import type { Throttle } from './throttle.ts';
import { checkTimeStamp } from './time-stamp.ts';

/** What a signature is checked with. */
export interface Verifier {
  readonly account: AccountKeys;
  readonly nonces: Nonces;
  /** Milliseconds since 1970. */
  now(): number;
  /** `host:port` of the public URL: a client behind a proxy that rewrites Host has signed this one. */
  readonly publicHost?: string;
  /** Proxies that are believed about where a call came from. */
  readonly trustedProxies?: readonly IpRange[];
  /** No limit without one. */
  readonly throttle?: Throttle;
}

/** The parts of a signed request, in whichever form it came. */
export interface SignedParts {
  readonly accessKeyId: string;
  /** As sent. */
  readonly signature: string;
  readonly nonce: string;
  readonly timeStamp: string;
  readonly securityToken: string | undefined;
  /** What the client should have signed; the first is shown when it signed none of them. */
  readonly stringsToSign: readonly [string, ...string[]];
  /** The signature that a secret makes of such a string, in the form in which it is sent. */
  sign(secret: string, stringToSign: string): string;
}

const nonceLimitChars = 128;
// Room for nonces comes in slots of minutes.
const nonceRetryMs = 60_000;
// An unknown key is checked against this one, so that it costs what a known key costs.
const noSecret = randomBytes(32).toString('hex');

/**
 * Checks time, key, signature, token and nonce, in this order, so that only who holds the secret can fill the memory
 * of nonces. Throws the vendor's codes; the message of a mismatch ends with the string to sign, as clients compare it.
 */
export async function verifySignature(parts: SignedParts, verifier: Verifier, origin: CallOrigin): Promise<Principal> {
  const nowMs = verifier.now();
  const timeMs = checkTimeStamp(parts.timeStamp, nowMs, verifier.nonces.notBeforeMs);
  if (parts.nonce.length > nonceLimitChars) {
    throw invalidParameter('SignatureNonce', `it is longer than ${nonceLimitChars} characters.`);
  }
  const key = await verifier.account.findKey(parts.accessKeyId);
  const usable = key !== undefined && key.accessKeySecret !== '';
  const secret = usable ? key.accessKeySecret : noSecret;
  const matches = parts.stringsToSign.some((text) => sameText(parts.sign(secret, text), parts.signature));
  if (!usable) throw new ApiError('InvalidAccessKeyId.NotFound', 404, 'Specified access key is not found.');
  if (!matches) throw signatureMismatch(parts.stringsToSign[0]);
  checkKey(key, parts.securityToken ?? '', nowMs);
  takeCall(verifier, key.principal.arn, nowMs);
  const use = verifier.nonces.use(parts.accessKeyId, parts.nonce, timeMs);
  if (use === 'used') {
    throw new ApiError('SignatureNonceUsed', 400, 'Specified signature nonce was used already.');
  }
  if (use === 'full') throw throttled(nonceRetryMs);
  verifier.account.noteUse?.(key, nowMs);
  return { ...key.principal, call: { timeMs: nowMs, ...origin } };
}

/** Counts a call of a caller. Throws `Throttling.User` where it is one too many. */
export function takeCall({ throttle }: Verifier, caller: string, nowMs: number): void {
  const retryAfterMs = throttle?.take(caller, nowMs);
  if (retryAfterMs !== undefined) throw throttled(retryAfterMs);
}

/** Refuses a key that is switched off or over, or that came without the token it was issued with. */
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

/** Clients cut the message at its fixed words and compare the rest with their own string: nothing may follow it. */
function signatureMismatch(stringToSign: string): ApiError {
  const message = 'Specified signature is not matched with our calculation. server string to sign is:';
  return new ApiError('SignatureDoesNotMatch', 400, message + stringToSign);
}

/** Equality in time that does not depend on where two texts of one length differ. */
function sameText(expected: string, given: string): boolean {
  // No text is no secret, and most calls have no token.
  if (expected === '' || given === '') return expected === given;
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
