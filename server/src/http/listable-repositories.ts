import { decide } from '#ram/decide.ts';
import { listRepositoryNames } from '#repository/repository-store.ts';
import { accessDenied } from '#rpc/access-denied.ts';
import { invalidParameter } from '#rpc/api-error.ts';
import { allow, type Call, getRepositoryNamed, type NativeApi, resourceName } from './native-api.ts';
import { noteOf } from './request-note.ts';

/** So many ids a query takes. */
const LISTED_LIMIT = 10_000;

/**
 * The ids of the repositories whose builds a list may hold: of the one that is named, else of all on which the caller is
 * allowed the action; undefined for every one there is. Throws `NoPrivilege` where that is none.
 */
export async function listableRepositories(
  api: NativeApi,
  call: Call,
  action: string,
  repository: string | undefined,
): Promise<readonly string[] | undefined> {
  const { instanceId } = api;
  if (repository !== undefined) {
    allow(api, call, action, `repository/${instanceId}/${repository}`);
    return [(await getRepositoryNamed(api, repository)).repoId];
  }
  const { request, principal } = call;
  const on = (name: string) => resourceName(api, `repository/${instanceId}/${name}`);
  const everywhere = decide({ principal, action, resource: on('*') });
  const narrowed = everywhere.considered.some(({ effect }) => effect === 'Deny');
  const note = (denied: boolean) => noteOf(request).asked.push({ action, resource: everywhere.resource, denied });
  if (everywhere.allowed && !narrowed) {
    note(false);
    return undefined;
  }
  const names = await listRepositoryNames(api.means.db, instanceId);
  const allowed = names.filter(({ name }) => decide({ principal, action, resource: on(name) }).allowed);
  note(allowed.length === 0 && !everywhere.allowed);
  if (allowed.length === 0 && !everywhere.allowed) throw accessDenied(everywhere);
  if (allowed.length > LISTED_LIMIT)
    throw invalidParameter(
      'repository',
      `it is not given, and your policies single out ${allowed.length} repositories: name one.`,
    );
  return allowed.map(({ repoId }) => repoId);
}
