import type { ArchiveRefs } from '@slipway/logbook';
import type { Database } from '#db/database.ts';

/** The names of sealed logs in a store elsewhere, as rows of the database. */
export function archiveRefs(db: Database): ArchiveRefs {
  return {
    async find(logId) {
      const row = await db.selectFrom('sealed_log').select('ref').where('log_id', '=', logId).executeTakeFirst();
      return row?.ref;
    },
    async keep(logId, ref) {
      await db.insertInto('sealed_log').values({ log_id: logId, ref }).execute();
    },
    async forget(logId) {
      const row = await db.deleteFrom('sealed_log').where('log_id', '=', logId).returning('ref').executeTakeFirst();
      return row?.ref;
    },
  };
}

/** Which of these names are those of logs. */
export async function listNamed(db: Database, refs: readonly string[]): Promise<Set<string>> {
  if (refs.length === 0) return new Set();
  const rows = await db.selectFrom('sealed_log').select('ref').where('ref', 'in', refs).execute();
  return new Set(rows.map((row) => row.ref));
}
