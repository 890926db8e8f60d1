import type { SigningKey } from './signing-key.ts';
import { readTokenRights, type TokenRights } from './token.ts';

/** A client sends its token with each of its requests. */
const TOKENS_LIMIT = 500;
const TOKEN_LIMIT_CHARS = 4096;

interface Verified {
  rights: TokenRights;
  fromMs: number;
  untilMs: number;
}

const verified = new WeakMap<SigningKey, Map<string, Verified>>();

/** What `readTokenRights` gives, which verifies each token once. */
export async function rightsOfToken(
  key: SigningKey,
  token: string,
  expected: { issuer: string; service: string },
  nowMs: number,
): Promise<TokenRights | undefined> {
  const known = verified.get(key) ?? new Map<string, Verified>();
  verified.set(key, known);
  const name = `${expected.issuer} ${expected.service} ${token}`;
  const found = known.get(name);
  if (found !== undefined && nowMs >= found.fromMs && nowMs < found.untilMs) return found.rights;
  known.delete(name);
  const rights = await readTokenRights(key, token, expected, nowMs);
  if (rights === undefined || token.length > TOKEN_LIMIT_CHARS) return rights;
  known.set(name, { rights, fromMs: nowMs, untilMs: rights.untilMs });
  const [oldest] = known.keys();
  if (known.size > TOKENS_LIMIT && oldest !== undefined) known.delete(oldest);
  return rights;
}
