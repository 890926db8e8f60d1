import type { FastifyRequest } from 'fastify';
import { verifyBearerToken } from '#account/bearer-token-store.ts';
import type { CallRecord } from '#audit/call-record.ts';
import type { BuildRecord } from '#build/build.ts';
import { findBuildRecord, getBuildRecord } from '#build/build-store.ts';
import { buildRecordNotFound } from '#build/errors.ts';
import { checkBodyHash } from '#gateway/authenticate.ts';
import { authenticateAcs3 } from '#gateway/authenticate-acs3.ts';
import { callOrigin } from '#gateway/call-origin.ts';
import { takeCall, type Verifier } from '#gateway/verify-signature.ts';
import { decide, decideAny } from '#ram/decide.ts';
import type { Principal } from '#ram/principal.ts';
import type { Repository } from '#repository/repository.ts';
import { getRepository, getRepositoryByName } from '#repository/repository-store.ts';
import { accessDenied } from '#rpc/access-denied.ts';
import type { Means } from '#rpc/context.ts';
import { noteOf } from './request-note.ts';

/** What the route groups of the native API share. */
export interface NativeApi {
  readonly means: Means;
  readonly verifier: Verifier;
  readonly instanceId: string;
  /** Where calls are noted. */
  readonly calls?: Pick<CallRecord, 'note' | 'list' | 'find'>;
}

/** A request to one build. */
export type BuildRequest = FastifyRequest<{ Params: { id: string } }>;

const NO_BODY = Buffer.alloc(0);

/** Who sent a request: who signed path, query and body, or whom the bearer token speaks for. Throws `ApiError`. */
export async function callerOf(api: NativeApi, request: FastifyRequest, body: Buffer = NO_BODY): Promise<Principal> {
  const { principal, contentSha256 } = await senderOf(api, request);
  if (contentSha256 !== undefined) checkBodyHash(contentSha256, body);
  return principal;
}

/** Who sent a request, and the SHA-256 that its body must have where it was signed. */
interface Sender {
  principal: Principal;
  contentSha256: string | undefined;
}

const senders = new WeakMap<FastifyRequest, Promise<Sender>>();

/** Like `callerOf`, before the body is read. It is asked once of each request. */
export function senderOf(api: NativeApi, request: FastifyRequest): Promise<Sender> {
  const known = senders.get(request);
  if (known) return known;
  const sender = authenticate(api, request);
  senders.set(request, sender);
  return sender;
}

async function authenticate(api: NativeApi, request: FastifyRequest): Promise<Sender> {
  const sender = isBearer(request)
    ? { principal: await bearerOf(api, request), contentSha256: undefined }
    : await authenticateAcs3(request.raw, api.verifier);
  noteOf(request).caller = sender.principal;
  return sender;
}

/** Whether a request carries a bearer token (https://www.rfc-editor.org/rfc/rfc6750). */
export function isBearer(request: FastifyRequest): boolean {
  return /^Bearer /i.test(request.headers.authorization ?? '');
}

async function bearerOf({ means, verifier }: NativeApi, request: FastifyRequest): Promise<Principal> {
  const nowMs = means.now();
  const token = (request.headers.authorization ?? '').slice('Bearer '.length).trim();
  const principal = await verifyBearerToken(means.db, verifier.account, token, nowMs);
  takeCall(verifier, principal.arn, nowMs);
  return { ...principal, call: { timeMs: nowMs, ...callOrigin(request.raw, verifier.trustedProxies) } };
}

/** A request and who sent it. */
export interface Call {
  readonly request: FastifyRequest;
  readonly principal: Principal;
}

/**
 * Throws `NoPrivilege`, of another product than cr `NoPermission`, unless the caller may do an action on a resource: a
 * path below the account, or `*` alone.
 */
export function allow(api: NativeApi, { request, principal }: Call, action: string, resource: string): void {
  const decision = decide({ principal, action, resource: resourceName(api, resource) });
  noteOf(request).asked.push({ action, resource: decision.resource, denied: !decision.allowed });
  if (!decision.allowed) throw accessDenied(decision);
}

/** The full name of a resource: a path below the account, or `*` alone. */
export function resourceName({ means }: NativeApi, path: string): string {
  return path === '*' ? path : `acs:cr:${means.regionId}:${means.accountId}:${path}`;
}

/**
 * The build that a request names and its repository, after the caller was found to be allowed an action on that repository
 * or, where `wider` is given, on that path. Throws `NoPrivilege` alike for a build that is not there and for one of a
 * repository that is not the caller's, and BUILD_RECORD_NOT_EXIST to who may do it anywhere.
 */
export async function allowOnBuild(
  api: NativeApi,
  { request, principal }: Call & { request: BuildRequest },
  action: string,
  wider: readonly string[] = [],
): Promise<{ record: BuildRecord; repository: Repository }> {
  const { db } = api.means;
  const found = await findBuildRecord(db, request.params.id);
  const record = found?.instanceId === api.instanceId ? found : undefined;
  const repository = record && (await getRepository(db, api.instanceId, record.repoId));
  const place = (name: string) => `repository/${api.instanceId}/${name}`;
  const narrow = resourceName(api, place(repository ? `${repository.namespaceName}/${repository.name}` : '*'));
  const decision = decideAny({ principal, action }, [...wider.map((path) => resourceName(api, path)), narrow]);
  noteOf(request).asked.push({ action, resource: decision.resource, denied: !decision.allowed });
  if (!decision.allowed) {
    const mayKnow = repository && decide({ principal, action: 'cr:GetRepository', resource: narrow }).allowed;
    throw accessDenied(decision, mayKnow ? narrow : resourceName(api, place('{NamespaceName}/{RepoName}')));
  }
  if (!record || !repository) throw buildRecordNotFound();
  return { record, repository };
}

/** The caller and the build of a request that reads a log. The RAM action knows no narrower resource than `*`. */
export async function readerOf(
  api: NativeApi,
  request: BuildRequest,
): Promise<{ principal: Principal; record: BuildRecord }> {
  const principal = await callerOf(api, request);
  allow(api, { request, principal }, 'cr:GetRepositoryBuildLog', '*');
  return { principal, record: await buildOf(api, request) };
}

/** The build that a request names. Throws BUILD_RECORD_NOT_EXIST. */
export function buildOf(api: NativeApi, request: BuildRequest): Promise<BuildRecord> {
  return getBuildRecord(api.means.db, { instanceId: api.instanceId, buildRecordId: request.params.id });
}

/** The repository of a name `NAMESPACE/NAME`. Throws REPO_NOT_EXIST. */
export function getRepositoryNamed(api: NativeApi, repository: string): Promise<Repository> {
  const [namespaceName = '', name = ''] = repository.split('/');
  return getRepositoryByName(api.means.db, api.instanceId, namespaceName, name);
}
