import type { FastifyRequest } from 'fastify';
import { findBuildRecord } from '#build/build-store.ts';
import { type Decision, decide, decideAny } from '#ram/decide.ts';
import { resourcePath } from '#ram/resource-path.ts';
import { getRepositoryNamed, getStoredRepository, listRepositoryNames } from '#repository/repository-store.ts';
import { accessDenied } from '#rpc/errors/access-denied.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { inTurns } from '#rpc/in-turns.ts';
import type { NativeContext } from './native-operation.ts';
import type { NativeSpec } from './native-spec.ts';
import { noteOf } from './request-note.ts';

type Caller = Omit<NativeContext, 'repoIds' | 'allow'>;
type Params = Readonly<Record<string, unknown>>;

/** The most ids in a list. */
const LISTED_LIMIT = 10_000;

/**
 * Asks the policies whether the caller may make a call, and notes each question and its answer for the record of calls.
 * Returns the ids of the repositories that a list may include, undefined for all. Throws `NoPrivilege`, or
 * `NoPermission` for products other than cr; the answer is the same for what does not exist and for what belongs to
 * someone else.
 */
export async function authorizeNative(
  caller: Caller,
  request: FastifyRequest,
  spec: NativeSpec,
  params: Params,
): Promise<readonly string[] | undefined> {
  const isListOfAll = spec.each && params.repository === undefined;
  // A list whose own action is not about repositories is one of those on which the caller may do the other action.
  if (!isListOfAll || spec.needs) await decideOn(caller, request, spec, params);
  if (isListOfAll) return listable(caller, request, spec.needs ?? spec);
  if (spec.needs) {
    const { action, resource } = spec.needs;
    const decision = decide({ principal: caller.principal, action, resource: fullName(caller, resource, params) });
    note(request, decision);
    if (!decision.allowed) throw accessDenied(decision);
  }
  if (!spec.each) return undefined;
  return [(await getRepositoryNamed(caller.db, caller.instanceId, String(params.repository))).repoId];
}

/** Checks a further action of an operation on a path below the account. Throws unless the caller may. */
export function allow(caller: Caller, request: FastifyRequest, spec: NativeSpec, action: string, path: string): void {
  if (!spec.mayNeed?.includes(action)) throw new Error(`${spec.path} asks for ${action}, which its data does not name`);
  const decision = decide({ principal: caller.principal, action, resource: fullName(caller, path, {}) });
  note(request, decision);
  if (!decision.allowed) throw accessDenied(decision);
}

async function decideOn(caller: Caller, request: FastifyRequest, spec: NativeSpec, params: Params): Promise<void> {
  const { principal } = caller;
  const { action, wider } = spec;
  const resource = params.repository === undefined ? (spec.without ?? spec.resource) : spec.resource;
  const places = spec.of === undefined ? params : await placesOf(caller, spec.of, params);
  const narrow = fullName(caller, resource, places);
  const names = wider === undefined ? [narrow] : [fullName(caller, wider, params), narrow];
  const decision = decideAny({ principal, action }, names);
  note(request, decision);
  if (decision.allowed) return;
  if (spec.of !== 'build') throw accessDenied(decision);
  // The names behind an id are shown only to callers who may read that repository.
  const mayKnow = decide({ principal, action: 'cr:GetRepository', resource: narrow }).allowed;
  throw accessDenied(decision, mayKnow ? narrow : fullName(caller, resource, {}, (place) => `{${place}}`));
}

/**
 * Namespace and name of the repository of an image, or of the build in the path; undefined if there is no such build.
 */
async function placesOf({ db, instanceId }: Caller, of: 'build' | 'image', { id, Image }: Params): Promise<Params> {
  if (of === 'image') return { repository: String(Image).split(':', 1)[0] };
  const record = await findBuildRecord(db, String(id));
  if (record?.instanceId !== instanceId) return {};
  const { namespaceName, name } = await getStoredRepository(db, instanceId, record.repoId);
  return { namespace: namespaceName, name };
}

/** The ids of all repositories on which the caller may do the action; throws if there are none. */
async function listable(
  caller: Caller,
  request: FastifyRequest,
  { action, resource }: Pick<NativeSpec, 'action' | 'resource'>,
): Promise<readonly string[] | undefined> {
  const { principal, db, instanceId } = caller;
  const everywhere = decide({ principal, action, resource: fullName(caller, resource, {}) });
  const narrowed = everywhere.considered.some(({ effect }) => effect === 'Deny');
  if (everywhere.allowed && !narrowed) {
    note(request, everywhere);
    return undefined;
  }
  const names = await listRepositoryNames(db, instanceId);
  const mayList = (repository: string) =>
    decide({ principal, action, resource: fullName(caller, resource, { repository }) }).allowed;
  const allowed: typeof names = [];
  for await (const repository of inTurns(names)) if (mayList(repository.name)) allowed.push(repository);
  const isRefused = allowed.length === 0 && !everywhere.allowed;
  note(request, { ...everywhere, allowed: !isRefused });
  if (isRefused) throw accessDenied(everywhere);
  if (allowed.length > LISTED_LIMIT)
    throw invalidParameter(
      'repository',
      `it is not given, and your policies single out ${allowed.length} repositories: name one.`,
    );
  return allowed.map(({ repoId }) => repoId);
}

/**
 * `acs:cr:<region>:<account>:<path>`, with the path's placeholders replaced by what the caller named. A `*` alone
 * stays.
 */
function fullName(
  { regionId, accountId, instanceId }: Caller,
  pattern: string,
  params: Params,
  unfilled?: (place: string) => string,
): string {
  if (pattern === '*') return pattern;
  const [namespaceName, repoName] = String(params.repository ?? '').split('/');
  const values: Record<string, unknown> = {
    InstanceId: instanceId,
    NamespaceName: params.namespace ?? namespaceName,
    RepoName: params.name ?? repoName,
  };
  return `acs:cr:${regionId}:${accountId}:${resourcePath(pattern, values, unfilled)}`;
}

function note(
  request: FastifyRequest,
  { action, resource, allowed }: Pick<Decision, 'action' | 'resource' | 'allowed'>,
) {
  noteOf(request).asked.push({ action, resource, denied: !allowed });
}
