import type { PushingBuild } from '#image/image.ts';
import { BUILD_CREDENTIAL_USER, verifyBuildCredential } from './build-credential.ts';
import { decideGrants, parseRepositoryName, parseScopes, type RepositoryAction } from './scope.ts';
import type { SigningKey } from './signing-key.ts';
import { mintToken } from './token.ts';

/** What the token service asks the rest of the server. `P` is the caller's type; the service only passes it on. */
export interface TokenServiceMeans<P> {
  key: SigningKey;
  issuer: string;
  /** Name of the registry, distribution's `service`. */
  service: string;
  /** Its former name; clients that request it get a token too. */
  formerService?: string;
  /** The user of this user name and password, given where they came from; undefined if they match nobody. */
  verifyBasic(user: string, password: string, origin: LoginOrigin): Promise<P | undefined> | P | undefined;
  /** The policy decision: `cr:PullRepository` or `cr:PushRepository` on `repositoryArn`. */
  authorize(principal: P, action: string, resource: string, requestId: string): Promise<boolean> | boolean;
  /** Whether a caller that pushes may say through which repositories an image was replicated. */
  mayReplicate(principal: P): boolean;
  /** The caller's ARN, which is recorded with what it pushes. */
  nameOf(principal: P): string;
  /** Called for a login that requests no repository, and for a refused one, whose user is unknown. */
  noteLogin?(login: { requestId: string; principal: P | undefined; user: string; origin: LoginOrigin }): void;
  /** `acs:cr:<region>:<account>:repository/<instance>/<namespace>/<name>`. */
  repositoryArn(namespace: string, name: string): string;
  /** Whether it accepts pushes. Builds are not asked: the server chose their repository. */
  repositoryExists(namespace: string, name: string): Promise<boolean> | boolean;
  now(): number;
}

/** Where a login came from, for conditions of policies. */
export interface LoginOrigin {
  readonly sourceIp: string | undefined;
  readonly secureTransport: boolean;
}

/** The signer of a request to `/token`: logging in does not require sending a key's secret. */
export interface Signer<P> {
  accessKeyId: string;
  principal: P;
}

/** What was sent to `/token`. */
export interface TokenRequest<P> {
  /** The id in the token, and in the record of calls with each decision. */
  requestId: string;
  origin: LoginOrigin;
  /** `Basic …`, as registry clients send it. */
  authorization: string | undefined;
  /** The signer of the request instead. */
  signer?: Signer<P> | undefined;
  service: string | undefined;
  scopes: readonly string[];
}

/** The reply: a token, or an error in the registry's form. */
export type TokenAnswer =
  | { status: 200; body: { token: string; access_token: string; expires_in: number; issued_at: string } }
  | { status: 400 | 401; code: 'UNSUPPORTED' | 'UNAUTHORIZED'; message: string };

const ACTIONS: Readonly<Record<RepositoryAction, string>> = {
  pull: 'cr:PullRepository',
  push: 'cr:PushRepository',
  delete: 'cr:DeleteRepositoryTag',
};

/** The reply to a login with a wrong pair. */
export const WRONG_PAIR = 'the user name or the password is wrong, or the password has expired';
const TEMPORARY_KEY =
  'a temporary key cannot log in by itself; use the user name and password that GetAuthorizationToken gives it';

/**
 * Answers a token request (distribution, docs/spec/auth/token.md) with the requested access, reduced to what the caller
 * may do. Without credentials the token allows nothing; with wrong ones the reply is 401.
 */
export async function answerTokenRequest<P>(
  request: TokenRequest<P>,
  options: TokenServiceMeans<P>,
): Promise<TokenAnswer> {
  if (request.service !== undefined && ![options.service, options.formerService].includes(request.service)) {
    return { status: 400, code: 'UNSUPPORTED', message: `the parameter service must be "${options.service}"` };
  }
  const requested = parseScopes(request.scopes);
  const caller = await identify(request, requested.length === 0, options);
  if (typeof caller === 'string') return { status: 401, code: 'UNAUTHORIZED', message: caller };
  const allowed = new Set<string>();
  const missingRepositories: string[] = [];
  const denied: Record<RepositoryAction, string[]> = { pull: [], push: [], delete: [] };
  for (const { name, actions } of requested) {
    for (const action of actions) {
      if (!(await caller.mayUse(name, action))) {
        if (caller.name !== '') denied[action].push(name);
        continue;
      }
      if (action === 'push' && !(await caller.findsRepository(name))) missingRepositories.push(name);
      else allowed.add(`${action} ${name}`);
    }
  }
  const access = decideGrants(requested, (name, action) => action !== 'delete' && allowed.has(`${action} ${name}`));
  const deletable = requested.flatMap(({ name }) => (allowed.has(`delete ${name}`) ? [name] : []));
  const content = {
    issuer: options.issuer,
    service: options.service,
    subject: caller.name,
    by: caller.by,
    digest: caller.digest,
    build: caller.build,
    access,
    replicates: access.some(({ actions }) => actions.includes('push')) && caller.mayReplicate(),
    deletable,
    missingRepositories,
    denied,
    requestId: request.requestId,
  };
  const { token, expiresInS, issuedAtMs } = await mintToken(options.key, content, options.now());
  const issued_at = new Date(issuedAtMs).toISOString();
  // Two names for one value: older clients read `token`, those built on OAuth read `access_token`.
  return { status: 200, body: { token, access_token: token, expires_in: expiresInS, issued_at } };
}

interface Caller {
  name: string;
  /** The one image that it may pull. */
  digest?: string | undefined;
  /** The build that it is. */
  build?: PushingBuild | undefined;
  /** The identity that is recorded with what it leaves in a repository. */
  by: string;
  mayUse(repository: string, action: RepositoryAction): Promise<boolean> | boolean;
  findsRepository(repository: string): Promise<boolean> | boolean;
  mayReplicate(): boolean;
}

/** A build's credential is a token of some 700 characters. */
const LOGIN_LIMIT_CHARS = 4096;

const no = () => false;
const ANONYMOUS: Caller = { name: '', by: '', mayUse: no, findsRepository: no, mayReplicate: no };

/** The caller, or why there is none. */
async function identify<P>(
  { authorization, signer, origin, requestId }: TokenRequest<P>,
  asksForNothing: boolean,
  options: TokenServiceMeans<P>,
): Promise<Caller | typeof WRONG_PAIR | typeof TEMPORARY_KEY> {
  if (signer) {
    const { accessKeyId: user, principal } = signer;
    if (asksForNothing) options.noteLogin?.({ requestId, principal, user, origin });
    return callerOf(signer, requestId, options);
  }
  if (authorization === undefined) return ANONYMOUS;
  const pair = parseBasic(authorization);
  if (!pair) return WRONG_PAIR;
  if (pair.user === BUILD_CREDENTIAL_USER) {
    const credential = await verifyBuildCredential(options.key, pair.password, options.now());
    if (!credential) return WRONG_PAIR;
    return {
      name: pair.user,
      by: pair.user,
      digest: credential.digest,
      build: credential.build,
      mayUse: (repository, action) => repository === credential.repository && credential.actions.includes(action),
      findsRepository: () => true,
      mayReplicate: no,
    };
  }
  const principal = await options.verifyBasic(pair.user, pair.password, origin);
  if (principal === undefined || asksForNothing) options.noteLogin?.({ requestId, principal, user: pair.user, origin });
  if (principal === undefined) return pair.user.startsWith('STS.') ? TEMPORARY_KEY : WRONG_PAIR;
  return callerOf({ accessKeyId: pair.user, principal }, requestId, options);
}

function callerOf<P>({ accessKeyId, principal }: Signer<P>, requestId: string, options: TokenServiceMeans<P>): Caller {
  return {
    name: accessKeyId,
    by: options.nameOf(principal),
    mayReplicate: () => options.mayReplicate(principal),
    async mayUse(repository, action) {
      const parts = parseRepositoryName(repository);
      if (!parts) return false;
      return options.authorize(
        principal,
        ACTIONS[action],
        options.repositoryArn(parts.namespace, parts.name),
        requestId,
      );
    },
    async findsRepository(repository) {
      const parts = parseRepositoryName(repository);
      return parts !== undefined && options.repositoryExists(parts.namespace, parts.name);
    },
  };
}

/** The user name and password of a header `Authorization: Basic …`; undefined for any other. */
export function parseBasic(authorization: string): { user: string; password: string } | undefined {
  if (authorization.length > LOGIN_LIMIT_CHARS) return undefined;
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon <= 0) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
