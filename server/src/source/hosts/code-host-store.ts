import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { CodeHostTable } from '#db/schema/build-schema.ts';
import type { SecretBox } from '#rpc/context.ts';
import { codeHostNotFound } from '../errors.ts';
import type { CodeRepoType } from '../source.ts';
import {
  type CodeHost,
  type CodeHostLogin,
  type OpenStatuses,
  type ShownLogin,
  type StatusFailure,
  type StoredCodeHost,
  shownLogin,
} from './code-host.ts';
import type { StatusTarget } from './status-target.ts';

/** What storing and reading code hosts needs. Logins are sealed. */
export interface CodeHostMeans {
  db: Database;
  secrets: Pick<SecretBox, 'seal' | 'open'>;
}

/** Sets the code host of a kind. */
export async function saveCodeHost(
  { db, secrets }: CodeHostMeans,
  instanceId: string,
  { login, statuses, ...host }: CodeHost,
  nowMs: number,
): Promise<StoredCodeHost> {
  const shown = login && shownLogin(login);
  const changed = {
    base_url: host.baseUrl,
    sealed_token: login ? secrets.seal(recordId(instanceId, host.codeRepoType), JSON.stringify(login)) : null,
    shown_login: shown ? JSON.stringify(shown) : null,
    allow_private: host.allowPrivate ? 1 : 0,
    status_target: statuses ? JSON.stringify(shownStatuses(statuses)) : null,
    sealed_status_token: statuses ? secrets.seal(statusRecordId(instanceId, host.codeRepoType), statuses.token) : null,
    status_failure: null,
    modified_ms: nowMs,
  };
  const row = await db
    .insertInto('code_host')
    .values({ instance_id: instanceId, code_repo_type: host.codeRepoType, created_ms: nowMs, ...changed })
    .onConflict((conflict) => conflict.columns(['instance_id', 'code_repo_type']).doUpdateSet(changed))
    .returning('created_ms')
    .executeTakeFirstOrThrow();
  const shownTarget = statuses && shownStatuses(statuses);
  const times = { createdMs: row.created_ms, modifiedMs: nowMs };
  return { ...host, ...times, login: shown, statuses: shownTarget, statusFailure: undefined };
}

/** The code host of a kind, or undefined if none is set. */
export async function findCodeHost(
  db: Database,
  instanceId: string,
  type: CodeRepoType,
): Promise<StoredCodeHost | undefined> {
  const row = await codeHosts(db, instanceId).where('code_repo_type', '=', type).executeTakeFirst();
  return row && fromRow(row);
}

/** The code hosts that are set, sorted by kind. */
export async function listCodeHosts(db: Database, instanceId: string): Promise<StoredCodeHost[]> {
  return (await codeHosts(db, instanceId).orderBy('code_repo_type').execute()).map(fromRow);
}

/** The code host of a kind with its secret, for a build; undefined if none is set. */
export async function openCodeHost(
  { db, secrets }: CodeHostMeans,
  instanceId: string,
  type: CodeRepoType,
): Promise<Omit<CodeHost, 'statuses'> | undefined> {
  const row = await codeHosts(db, instanceId).where('code_repo_type', '=', type).executeTakeFirst();
  if (!row) return undefined;
  const sealed = row.sealed_token;
  const login = sealed === null ? undefined : JSON.parse(secrets.open(recordId(instanceId, type), sealed));
  const { baseUrl, allowPrivate } = fromRow(row);
  return { codeRepoType: type, baseUrl, allowPrivate, login: login as CodeHostLogin | undefined };
}

/** Where a kind of code host takes statuses of commits, with the token; undefined if it takes none. */
export async function openStatuses(
  { db, secrets }: CodeHostMeans,
  instanceId: string,
  type: CodeRepoType,
): Promise<(OpenStatuses & Pick<CodeHost, 'allowPrivate'>) | undefined> {
  const row = await codeHosts(db, instanceId).where('code_repo_type', '=', type).executeTakeFirst();
  if (!row || row.sealed_status_token === null) return undefined;
  const { statuses, allowPrivate } = fromRow(row);
  const token = secrets.open(statusRecordId(instanceId, type), row.sealed_status_token);
  return statuses && { ...statuses, token, allowPrivate };
}

/** Records why the last status could not be set at a code host; undefined if it was set. */
export async function noteStatusFailure(
  db: Database,
  instanceId: string,
  type: CodeRepoType,
  failure: StatusFailure | undefined,
): Promise<void> {
  await db
    .updateTable('code_host')
    .set({ status_failure: failure === undefined ? null : JSON.stringify(failure) })
    .where('instance_id', '=', instanceId)
    .where('code_repo_type', '=', type)
    .execute();
}

/** Removes a code host. Throws CODE_HOST_NOT_EXIST. */
export async function removeCodeHost(db: Database, instanceId: string, type: CodeRepoType): Promise<void> {
  const result = await db
    .deleteFrom('code_host')
    .where('instance_id', '=', instanceId)
    .where('code_repo_type', '=', type)
    .executeTakeFirst();
  if (result.numDeletedRows !== 1n) throw codeHostNotFound();
}

function recordId(instanceId: string, type: string): string {
  return `code-host/${instanceId}/${type}`;
}

function statusRecordId(instanceId: string, type: string): string {
  return `code-host-status/${instanceId}/${type}`;
}

function shownStatuses({ api, apiUrl }: OpenStatuses): StatusTarget {
  return { api, apiUrl };
}

function codeHosts(db: Database, instanceId: string) {
  return db.selectFrom('code_host').selectAll().where('instance_id', '=', instanceId);
}

function fromRow(row: Selectable<CodeHostTable>): StoredCodeHost {
  return {
    codeRepoType: row.code_repo_type as CodeRepoType,
    baseUrl: row.base_url,
    login: shownOf(row),
    allowPrivate: row.allow_private === 1,
    statuses: row.status_target === null ? undefined : (JSON.parse(row.status_target) as StatusTarget),
    statusFailure: row.status_failure === null ? undefined : (JSON.parse(row.status_failure) as StatusFailure),
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}

function shownOf(row: Selectable<CodeHostTable>): ShownLogin | undefined {
  if (row.sealed_token === null) return undefined;
  if (row.shown_login !== null) return JSON.parse(row.shown_login) as ShownLogin;
  return row.base_url.startsWith('ssh:') ? { fingerprint: '', hostKeys: [] } : { user: '' };
}
