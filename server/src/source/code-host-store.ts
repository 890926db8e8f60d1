import type { Selectable } from 'kysely';
import type { CodeHostTable } from '#db/build-schema.ts';
import type { Database } from '#db/database.ts';
import type { SecretBox } from '#rpc/context.ts';
import type { CodeHost, CodeHostLogin } from './code-host.ts';
import { codeHostNotFound } from './errors.ts';
import type { CodeRepoType } from './source.ts';

/** What a code host is stored and read with: its login is sealed. */
export interface CodeHostMeans {
  db: Database;
  secrets: SecretBox;
}

/** Sets the code host of its kind. */
export async function saveCodeHost(means: CodeHostMeans, instanceId: string, host: CodeHost): Promise<void> {
  const login = host.login && means.secrets.seal(recordId(instanceId, host.codeRepoType), JSON.stringify(host.login));
  const changed = {
    base_url: host.baseUrl,
    sealed_token: login ?? null,
    allow_private: host.allowPrivate ? 1 : 0,
    modified_ms: host.modifiedMs,
  };
  await means.db
    .insertInto('code_host')
    .values({ instance_id: instanceId, code_repo_type: host.codeRepoType, created_ms: host.createdMs, ...changed })
    .onConflict((conflict) => conflict.columns(['instance_id', 'code_repo_type']).doUpdateSet(changed))
    .execute();
}

/** The code host of a kind, or undefined if none was set. */
export async function findCodeHost(
  means: CodeHostMeans,
  instanceId: string,
  type: CodeRepoType,
): Promise<CodeHost | undefined> {
  const row = await means.db
    .selectFrom('code_host')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('code_repo_type', '=', type)
    .executeTakeFirst();
  return row && fromRow(means.secrets, row);
}

/** The code hosts that were set, by kind. */
export async function listCodeHosts(means: CodeHostMeans, instanceId: string): Promise<CodeHost[]> {
  const rows = await means.db
    .selectFrom('code_host')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .orderBy('code_repo_type')
    .execute();
  return rows.map((row) => fromRow(means.secrets, row));
}

/** Forgets a code host. Throws CODE_HOST_NOT_EXIST. */
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

function fromRow(secrets: SecretBox, row: Selectable<CodeHostTable>): CodeHost {
  const sealed = row.sealed_token;
  const id = recordId(row.instance_id, row.code_repo_type);
  return {
    codeRepoType: row.code_repo_type as CodeRepoType,
    baseUrl: row.base_url,
    login: sealed === null ? undefined : (JSON.parse(secrets.open(id, sealed)) as CodeHostLogin),
    allowPrivate: row.allow_private === 1,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}
