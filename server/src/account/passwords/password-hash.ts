import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { invalidParameter } from '#rpc/errors/api-error.ts';

const COST = { N: 32_768, r: 8, p: 1 };
const MEMORY_BYTES = 64 * 1024 * 1024;
const HASH_BYTES = 32;
const SHORTEST = 8;
const LONGEST = 128;

/**
 * Hashes a password as `scrypt.<N>.<r>.<p>.<salt>.<hash>`, with salt and hash in base64url. Takes a tenth of a second of
 * CPU time and 32 MiB. Throws `InvalidParameter` if the password has less than 8 or more than 128 characters.
 */
export async function hashPassword(password: string): Promise<string> {
  if (password.length < SHORTEST || password.length > LONGEST) {
    throw invalidParameter('Password', `it has ${password.length} characters; ${SHORTEST} to ${LONGEST} are allowed.`);
  }
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('.');
}

/**
 * Whether a password matches a hash; false if the hash has another format. Without a hash, it returns false after the same
 * time, so that an unknown user takes as long as a known one.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, n, r, p, salt, hash] =
    /^scrypt\.(\d+)\.(\d+)\.(\d+)\.([\w-]+)\.([\w-]+)$/.exec(stored ?? (await dummyHash())) ?? [];
  if (salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64url');
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(n), r: Number(r), p: Number(p) });
  return given.length === expected.length && timingSafeEqual(given, expected);
}

let dummy: Promise<string> | undefined;

function dummyHash(): Promise<string> {
  dummy ??= hashPassword(randomBytes(32).toString('base64url'));
  return dummy;
}

function derive(password: string, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  scrypt(password.normalize('NFC'), salt, HASH_BYTES, { ...cost, maxmem: MEMORY_BYTES }, (error, key) =>
    error ? reject(error) : resolve(key),
  );
  return promise;
}
