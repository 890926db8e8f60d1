import type { Selectable } from 'kysely';
import type { CodeHostTable } from '#db/build-schema.ts';
import type { Database } from '#db/database.ts';
import type { SecretBox } from '#rpc/context.ts';
import { type CodeHost, type CodeHostLogin, type ShownLogin, type StoredCodeHost, shownLogin } from './code-host.ts';
import { codeHostNotFound } from './errors.ts';
import type { CodeRepoType } from './source.ts';

/** What storing and reading code hosts needs. Logins are sealed. */
export interface CodeHostMeans {
  db: Database;
  secrets: Pick<SecretBox, 'seal' | 'open'>;
}

/** Sets the code host of a kind. */
export async function saveCodeHost(
  { db, secrets }: CodeHostMeans,
  instanceId: string,
  { login, ...host }: CodeHost,
  nowMs: number,
): Promise<StoredCodeHost> {
  const shown = login && shownLogin(login);
  const changed = {
    base_url: host.baseUrl,
    sealed_token: login ? secrets.seal(recordId(instanceId, host.codeRepoType), JSON.stringify(login)) : null,
    shown_login: shown ? JSON.stringify(shown) : null,
    allow_private: host.allowPrivate ? 1 : 0,
    modified_ms: nowMs,
  };
  const row = await db
    .insertInto('code_host')
    .values({ instance_id: instanceId, code_repo_type: host.codeRepoType, created_ms: nowMs, ...changed })
    .onConflict((conflict) => conflict.columns(['instance_id', 'code_repo_type']).doUpdateSet(changed))
    .returning('created_ms')
    .executeTakeFirstOrThrow();
  return { ...host, login: shown, createdMs: row.created_ms, modifiedMs: nowMs };
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
): Promise<CodeHost | undefined> {
  const row = await codeHosts(db, instanceId).where('code_repo_type', '=', type).executeTakeFirst();
  if (!row) return undefined;
  const sealed = row.sealed_token;
  const login = sealed === null ? undefined : JSON.parse(secrets.open(recordId(instanceId, type), sealed));
  return { ...fromRow(row), login: login as CodeHostLogin | undefined };
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

function codeHosts(db: Database, instanceId: string) {
  return db.selectFrom('code_host').selectAll().where('instance_id', '=', instanceId);
}

function fromRow(row: Selectable<CodeHostTable>): StoredCodeHost {
  return {
    codeRepoType: row.code_repo_type as CodeRepoType,
    baseUrl: row.base_url,
    login: shownOf(row),
    allowPrivate: row.allow_private === 1,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}

function shownOf(row: Selectable<CodeHostTable>): ShownLogin | undefined {
  if (row.sealed_token === null) return undefined;
  if (row.shown_login !== null) return JSON.parse(row.shown_login) as ShownLogin;
  return row.base_url.startsWith('ssh:') ? { fingerprint: '', hostKeys: [] } : { user: '' };
}
