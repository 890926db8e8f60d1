import { randomUUID } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';

import type { PushingBuild } from '#image/image.ts';
import type { Grant, RepositoryAction } from './scope.ts';
import type { SigningKey } from './signing-key.ts';

/** The content of a registry token; see distribution, docs/spec/auth/jwt.md. */
export interface TokenContent {
  issuer: string;
  /** The audience: one string, since distribution 2.8 refuses a list. */
  service: string;
  /** Who it was issued to; empty for anonymous. */
  subject: string;
  /** The bearer as recorded with what it pushes: the ARN of a caller, or `build`. Distribution does not read it. */
  by?: string;
  access: Grant[];
  /** Whether the bearer may say through which repositories an image was replicated. Read by the proxy only. */
  replicates?: boolean;
  /** Repositories in which the bearer may delete: through this server, never at distribution itself. */
  deletable?: readonly string[];
  /**
   * Repositories to which the bearer might push if they existed. Distribution does not read it; the proxy does, to
   * answer with the reason instead of only "denied".
   */
  missingRepositories: string[];
  /** Repositories that the bearer asked to pull from or to push to, and may not; read by the proxy only, too. */
  denied?: Readonly<Record<RepositoryAction, readonly string[]>>;
  /** The one image that the bearer may pull from the only repository of `access`. The proxy holds the bearer to it. */
  digest?: string | undefined;
  /** The build that pushes. Read by the proxy only. */
  build?: PushingBuild | undefined;
  /** The request for which the token was issued; the record of calls has its decisions under this id. */
  requestId?: string;
}

/** What a token says about pulls and pushes, and why one is refused. */
export interface TokenRights {
  /** The allowed actions, by repository. */
  allowed: Map<string, readonly RepositoryAction[]>;
  /** Who the bearer is: the ARN of a caller, or `build`. */
  by: string;
  /** Whether the bearer may say through which repositories an image was replicated. */
  replicates: boolean;
  /** The build that pushes. */
  build?: PushingBuild | undefined;
  missing: string[];
  denied: Record<RepositoryAction, string[]>;
  /** The RequestId of the request for which the token was issued. */
  requestId: string;
  /** When it expires. */
  untilMs: number;
}

/** The longest lifetime of a registry token: distribution accepts an expired one for up to a minute more. */
export const MAX_TOKEN_LIFE_MS = 300_000;

/** Mints the token that distribution verifies against our certificate. It is valid for at most five minutes. */
export async function mintToken(
  key: SigningKey,
  content: TokenContent,
  nowMs: number,
  lifeMs = MAX_TOKEN_LIFE_MS,
): Promise<{ token: string; expiresInS: number; issuedAtMs: number }> {
  const issuedAtS = Math.floor(nowMs / 1000);
  const expiresInS = Math.floor(Math.min(lifeMs, MAX_TOKEN_LIFE_MS) / 1000);
  const claims: Record<string, unknown> = { access: content.access };
  if (content.missingRepositories.length > 0) claims.missing = content.missingRepositories;
  if (content.deletable?.length) claims.deletable = content.deletable;
  if (content.replicates) claims.replicates = true;
  if (content.by !== undefined) claims.by = content.by;
  if (content.digest !== undefined) claims.digest = content.digest;
  if (content.build !== undefined) claims.build = content.build;
  const denied = Object.entries(content.denied ?? {}).filter(([, names]) => names.length > 0);
  if (denied.length > 0) claims.denied = Object.fromEntries(denied);
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', x5c: [key.certificateDer] })
    .setIssuer(content.issuer)
    .setAudience(content.service)
    .setSubject(content.subject)
    .setIssuedAt(issuedAtS)
    .setNotBefore(issuedAtS - 10)
    .setExpirationTime(issuedAtS + expiresInS)
    .setJti(content.requestId ?? randomUUID())
    .sign(key.privateKey);
  return { token, expiresInS, issuedAtMs: issuedAtS * 1000 };
}

/** The content of a valid token; undefined for a token that is foreign, expired or malformed. */
export async function readTokenRights(
  key: SigningKey,
  token: string,
  expected: { issuer: string; service: string },
  nowMs: number,
): Promise<TokenRights | undefined> {
  try {
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: ['ES256'],
      issuer: expected.issuer,
      audience: expected.service,
      currentDate: new Date(nowMs),
    });
    const grants = Array.isArray(payload.access) ? (payload.access as Grant[]) : [];
    const allowed = new Map<string, readonly RepositoryAction[]>(grants.map(({ name, actions }) => [name, actions]));
    for (const name of texts(payload.deletable)) allowed.set(name, [...(allowed.get(name) ?? []), 'delete']);
    return {
      allowed,
      by: typeof payload.by === 'string' ? payload.by : (payload.sub ?? ''),
      replicates: payload.replicates === true,
      missing: texts(payload.missing),
      denied: deniedOf(payload.denied),
      ...(payload.build === undefined ? {} : { build: payload.build as PushingBuild }),
      requestId: payload.jti ?? '',
      untilMs: (payload.exp ?? 0) * 1000,
    };
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return undefined;
    throw new Error('verify a registry token', { cause });
  }
}

/** Whether a token says that a pull is denied. It is not verified: a client that forges it is only refused sooner. */
export function hasDeniedPulls(token: string): boolean {
  try {
    return deniedOf(decodeJwt(token).denied).pull.length > 0;
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return false;
    throw new Error('read a registry token', { cause });
  }
}

/** The one image that a token is for, if it is for one. It is not verified: a forged one is refused by distribution. */
export function readTokenDigest(token: string): string | undefined {
  try {
    const { digest } = decodeJwt(token);
    return typeof digest === 'string' ? digest : undefined;
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return undefined;
    throw new Error('read a registry token', { cause });
  }
}

/**
 * The request for which a token was issued, to find it in the record of calls; undefined if the token names none. The
 * token is not verified: its holder may read it.
 */
export function readTokenRequestId(token: string): string | undefined {
  try {
    const { sub, jti } = decodeJwt(token);
    return sub && /^[0-9A-F-]{36}$/.test(jti ?? '') ? jti : undefined;
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return undefined;
    throw new Error('read a registry token', { cause });
  }
}

function deniedOf(claim: unknown): Record<RepositoryAction, string[]> {
  const { pull, push, delete: deletes } = (claim ?? {}) as Partial<Record<RepositoryAction, unknown>>;
  return { pull: texts(pull), push: texts(push), delete: texts(deletes) };
}

function texts(claim: unknown): string[] {
  return Array.isArray(claim) ? claim.map(String) : [];
}
