import { sql } from 'kysely';
import type { Database } from '../database.ts';
import { engineOf } from '../engine.ts';

/** What may become a problem of a database, and the fix. */
export interface DatabaseFinding {
  what: string;
  fix: string;
}

interface Facts {
  mayMigrate: boolean;
  synchronous: string;
  standbys: number;
  isDurable: boolean;
}

/** What may become a problem of a database of PostgreSQL that can be used; nothing for SQLite. Throws `DatabaseUnavailable`. */
export async function databaseFindings(db: Database): Promise<DatabaseFinding[]> {
  if (engineOf(db) === 'sqlite') return [];
  const { rows } = await sql<Facts>`
    select has_schema_privilege(current_schema(), 'create') as "mayMigrate",
      current_setting('synchronous_standby_names') as synchronous,
      (select count(*) from pg_stat_replication where sync_state in ('sync', 'quorum')) as standbys,
      current_setting('synchronous_commit') not in ('off', 'local') and current_setting('fsync') = 'on' as "isDurable"`.execute(
    db,
  );
  return rows.flatMap(findingsOf);
}

function findingsOf({ mayMigrate, synchronous, standbys, isDurable }: Facts): DatabaseFinding[] {
  const found: DatabaseFinding[] = [];
  if (!mayMigrate)
    found.push({
      what: 'the user of the database may not create tables, so the next version of Slipway could not start',
      fix: 'as its owner: grant create on schema public to that user',
    });
  if (!isDurable)
    found.push({
      what: 'the database does not wait for its disk, so a crash loses what was acknowledged',
      fix: 'set fsync to on, and synchronous_commit to on, in postgresql.conf',
    });
  if (synchronous === '')
    found.push({
      what: 'the database is not highly available: if its machine is lost, so is what it has acknowledged',
      fix: 'add a standby, and name it in synchronous_standby_names; or accept this, with backups',
    });
  else if (standbys === 0)
    found.push({
      what: `the database is not highly available: no standby of synchronous_standby_names (${synchronous}) follows it, and writes wait for one`,
      fix: 'start the standby, or see pg_stat_replication for why it does not follow',
    });
  return found;
}
