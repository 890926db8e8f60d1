import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { CustomizedDomainTable } from '#db/schema/instance-schema.ts';
import { transaction } from '#db/transaction.ts';
import type { CustomizedDomain } from './customized-domain.ts';
import type { ModuleName } from './endpoint.ts';
import { customizedDomainExists, customizedDomainNotFound, tooManyDomains } from './errors.ts';

/** Each has a certificate that is held in memory. */
const DOMAINS_LIMIT = 20;

/** Inserts a domain. Throws CUSTOMIZED_DOMAIN_ALREADY_EXIST, also for one of another module, and CUSTOMIZED_DOMAIN_QUOTA_EXCEED. */
export async function insertCustomizedDomain(db: Database, domain: CustomizedDomain): Promise<void> {
  await transaction(db, async (db) => {
    const inserted = await db
      .insertInto('customized_domain')
      .values({
        instance_id: domain.instanceId,
        module_name: domain.module,
        domain: domain.domain,
        cert_id: domain.certId,
        created_ms: domain.createdMs,
        modified_ms: domain.modifiedMs,
      })
      .onConflict((conflict) => conflict.column('domain').doNothing())
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n) throw customizedDomainExists(domain.domain);
    if ((await listCustomizedDomains(db)).length > DOMAINS_LIMIT) throw tooManyDomains(DOMAINS_LIMIT);
  });
}

/** What names a domain in a call. */
export interface DomainKey {
  instanceId: string;
  module: ModuleName;
  domain: string;
}

/** A domain. Throws CUSTOMIZED_DOMAIN_NOT_EXIST. */
export async function getCustomizedDomain(db: Database, key: DomainKey): Promise<CustomizedDomain> {
  const row = await db
    .selectFrom('customized_domain')
    .selectAll()
    .where('instance_id', '=', key.instanceId)
    .where('module_name', '=', key.module)
    .where('domain', '=', key.domain)
    .executeTakeFirst();
  if (row === undefined) throw customizedDomainNotFound();
  return fromRow(row);
}

/** Gives a domain another certificate. Throws CUSTOMIZED_DOMAIN_NOT_EXIST. */
export async function setCertificate(db: Database, key: DomainKey, certId: string, nowMs: number): Promise<void> {
  const updated = await db
    .updateTable('customized_domain')
    .set({ cert_id: certId, modified_ms: nowMs })
    .where('instance_id', '=', key.instanceId)
    .where('module_name', '=', key.module)
    .where('domain', '=', key.domain)
    .executeTakeFirst();
  if (updated.numUpdatedRows === 0n) throw customizedDomainNotFound();
}

/** Removes a domain. Throws CUSTOMIZED_DOMAIN_NOT_EXIST. */
export async function removeCustomizedDomain(db: Database, key: DomainKey): Promise<void> {
  const removed = await db
    .deleteFrom('customized_domain')
    .where('instance_id', '=', key.instanceId)
    .where('module_name', '=', key.module)
    .where('domain', '=', key.domain)
    .executeTakeFirst();
  if (removed.numDeletedRows === 0n) throw customizedDomainNotFound();
}

/** The domains of a module of an instance, or all that there are, in the order in which they were added. */
export async function listCustomizedDomains(
  db: Database,
  of?: { instanceId: string; module: ModuleName },
): Promise<CustomizedDomain[]> {
  let query = db.selectFrom('customized_domain').selectAll();
  if (of !== undefined) query = query.where('instance_id', '=', of.instanceId).where('module_name', '=', of.module);
  return (await query.orderBy('sequence').execute()).map(fromRow);
}

function fromRow(row: Selectable<CustomizedDomainTable>): CustomizedDomain {
  return {
    instanceId: row.instance_id,
    module: row.module_name as ModuleName,
    domain: row.domain,
    certId: row.cert_id,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  };
}
