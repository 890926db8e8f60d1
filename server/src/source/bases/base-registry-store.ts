import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { BaseRegistryTable } from '#db/schema/build-schema.ts';
import type { SecretBox } from '#rpc/context.ts';
import { baseRegistryNotFound } from '../errors.ts';
import type { BaseRegistry, RegistryLogin } from './base-registry.ts';

/** What storing and reading registries needs. Passwords are sealed. */
export interface BaseRegistryMeans {
  db: Database;
  secrets: SecretBox;
}

/** The fields of a registry to set together. `login: null` removes the login. Absent fields stay as they are. */
export interface BaseRegistryChange {
  mirrors?: readonly string[];
  login?: RegistryLogin | null;
  plainHttp?: boolean;
  allowPrivate?: boolean;
}

/** Sets fields of a registry, and creates its row if there is none. */
export async function changeBaseRegistry(
  { db, secrets }: BaseRegistryMeans,
  { instanceId, host }: { instanceId: string; host: string },
  change: BaseRegistryChange,
  nowMs: number,
): Promise<BaseRegistry> {
  const { mirrors, login, plainHttp, allowPrivate } = change;
  const changed = {
    ...(mirrors === undefined ? {} : { mirrors: JSON.stringify(mirrors) }),
    ...(login === undefined
      ? {}
      : {
          login_user: login?.user ?? null,
          sealed_password: login === null ? null : secrets.seal(recordId(instanceId, host), login.password),
          login_namespaces: login?.namespaces === undefined ? null : JSON.stringify(login.namespaces),
        }),
    ...(plainHttp === undefined ? {} : { plain_http: plainHttp ? 1 : 0 }),
    ...(allowPrivate === undefined ? {} : { allow_private: allowPrivate ? 1 : 0 }),
    modified_ms: nowMs,
  };
  const fresh = { mirrors: '[]', plain_http: 0, allow_private: 0, created_ms: nowMs };
  const row = await db
    .insertInto('base_registry')
    .values({ instance_id: instanceId, host, ...fresh, ...changed })
    .onConflict((conflict) => conflict.columns(['instance_id', 'host']).doUpdateSet(changed))
    .returningAll()
    .executeTakeFirstOrThrow();
  return fromRow(row);
}

/** The registries with settings, sorted by host. */
export async function listBaseRegistries(db: Database, instanceId: string): Promise<BaseRegistry[]> {
  return (await baseRegistries(db, instanceId).orderBy('host').execute()).map(fromRow);
}

/** The password of a registry's login; undefined if there is none. */
export async function openRegistryPassword(
  { db, secrets }: BaseRegistryMeans,
  instanceId: string,
  host: string,
): Promise<string | undefined> {
  const row = await baseRegistries(db, instanceId).where('host', '=', host).executeTakeFirst();
  const sealed = row?.sealed_password;
  return sealed ? secrets.open(recordId(instanceId, host), sealed) : undefined;
}

/** Removes a registry's settings. Throws BASE_REGISTRY_NOT_EXIST. */
export async function removeBaseRegistry(db: Database, instanceId: string, host: string): Promise<void> {
  const result = await db
    .deleteFrom('base_registry')
    .where('instance_id', '=', instanceId)
    .where('host', '=', host)
    .executeTakeFirst();
  if (result.numDeletedRows !== 1n) throw baseRegistryNotFound(host);
}

function recordId(instanceId: string, host: string): string {
  return `base-registry/${instanceId}/${host}`;
}

function baseRegistries(db: Database, instanceId: string) {
  return db.selectFrom('base_registry').selectAll().where('instance_id', '=', instanceId);
}

function fromRow(row: Selectable<BaseRegistryTable>): BaseRegistry {
  const namespaces = row.login_namespaces === null ? undefined : (JSON.parse(row.login_namespaces) as string[]);
  return {
    host: row.host,
    mirrors: JSON.parse(row.mirrors) as string[],
    login: row.login_user === null ? undefined : { user: row.login_user, namespaces },
    plainHttp: row.plain_http === 1,
    allowPrivate: row.allow_private === 1,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}
