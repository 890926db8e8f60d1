import type { FastifyRequest } from 'fastify';
import type { BuildRecord } from '#build/build.ts';
import { getBuildRecord } from '#build/build-store.ts';
import { authenticateAcs3 } from '#gateway/authenticate-acs3.ts';
import type { Verifier } from '#gateway/verify-signature.ts';
import { decide } from '#ram/decide.ts';
import type { Principal } from '#ram/principal.ts';
import type { Repository } from '#repository/repository.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { ApiError } from '#rpc/api-error.ts';
import type { Means } from '#rpc/context.ts';

/** What the route groups of the native API share. */
export interface NativeApi {
  readonly means: Means;
  readonly verifier: Verifier;
  readonly instanceId: string;
}

/** A request to one build. */
export type BuildRequest = FastifyRequest<{ Params: { id: string } }>;

const NO_BODY = Buffer.alloc(0);

/** Who sent a request, by its signature over path, query and body. Throws `ApiError`. */
export async function callerOf(api: NativeApi, request: FastifyRequest, body: Buffer = NO_BODY): Promise<Principal> {
  const { principal } = await authenticateAcs3(request.raw, api.verifier, body);
  return principal;
}

/** Throws `NoPrivilege` unless the caller may do an action on a resource: a path below the account, or `*` alone. */
export function allow(api: NativeApi, principal: Principal, action: string, resource: string): void {
  const { regionId, accountId } = api.means;
  const name = resource === '*' ? resource : `acs:cr:${regionId}:${accountId}:${resource}`;
  const decision = decide({ principal, action, resource: name });
  if (!decision.allowed) throw new ApiError('NoPrivilege', 403, 'Access denied for this user.');
}

/** The caller and the build of a request that reads a log. The RAM action knows no narrower resource than `*`. */
export async function readerOf(
  api: NativeApi,
  request: BuildRequest,
): Promise<{ principal: Principal; record: BuildRecord }> {
  const principal = await callerOf(api, request);
  allow(api, principal, 'cr:GetRepositoryBuildLog', '*');
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
