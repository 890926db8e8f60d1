import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

import type { PushingBuild } from '#image/image.ts';
import type { RepositoryAction } from './scope.ts';
import type { SigningKey } from './signing-key.ts';

/** What one build may do in the registry: these actions in exactly this repository. */
export interface BuildCredential {
  /** `namespace/name`. */
  repository: string;
  actions: RepositoryAction[];
  /** Only this image, and what it consists of, may be pulled. */
  digest?: string;
  /** The build that pushes; undefined for other logins of the server itself. */
  build?: PushingBuild;
}

/** The user name of a build credential in Basic authentication; no AccessKeyId has this form. */
export const BUILD_CREDENTIAL_USER = 'build';

// An audience and a type of its own: a build credential is not a registry token, and the reverse.
const AUDIENCE = 'slipway-build-credential';
const TYPE = 'slipway-build+jwt';
const DEFAULT_LIFE_MS = 3_600_000;

/**
 * Mints the password of a build. The runner writes it into an auth file, so that no key of an account leaves the
 * server. It is valid for an hour by default, for the push of a large image.
 */
export async function mintBuildCredential(
  key: SigningKey,
  credential: BuildCredential,
  nowMs: number,
  lifeMs = DEFAULT_LIFE_MS,
): Promise<string> {
  const issuedAtS = Math.floor(nowMs / 1000);
  return new SignJWT({ ...credential })
    .setProtectedHeader({ alg: 'ES256', typ: TYPE })
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAtS)
    .setExpirationTime(issuedAtS + Math.ceil(lifeMs / 1000))
    .setJti(randomUUID())
    .sign(key.privateKey);
}

/** What a password from `mintBuildCredential` allows; undefined if it is forged, expired or something else. */
export async function verifyBuildCredential(
  key: SigningKey,
  password: string,
  nowMs: number,
): Promise<BuildCredential | undefined> {
  try {
    const { payload } = await jwtVerify(password, key.publicKey, {
      algorithms: ['ES256'],
      audience: AUDIENCE,
      typ: TYPE,
      requiredClaims: ['exp', 'repository', 'actions'],
      currentDate: new Date(nowMs),
    });
    const { repository, actions, digest, build } = payload;
    if (typeof repository !== 'string' || !Array.isArray(actions)) return undefined;
    const known = actions.filter((action) => action === 'pull' || action === 'push');
    return {
      repository,
      actions: known,
      ...(typeof digest === 'string' ? { digest } : {}),
      ...(build === undefined ? {} : { build: build as PushingBuild }),
    };
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return undefined;
    throw new Error('verify a build credential', { cause });
  }
}
