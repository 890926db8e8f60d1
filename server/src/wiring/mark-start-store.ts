import { sql } from 'kysely';
import type { MarkStarts } from '#blob/owner-mark.ts';
import type { Database } from '#db/database.ts';
import { perEngine } from '#db/engine.ts';
import { transaction } from '#db/transaction.ts';

const ID = 1;
/** More than servers that start at the same moment. */
const KEPT = 16;
/** A restored dump has made new tables, and a copy by a template is another database. A standby that takes over is the same. */
const DATABASE_ID = perEngine({
  sqlite: sql<string>`''`,
  postgres: sql<string>`(select oid from pg_database where datname = current_database()) || '/' || 'bucket_mark'::regclass::oid`,
});

/** The starts of a bucket's mark that a database knows. */
export function markStarts(db: Database): MarkStarts {
  return {
    known: () => readStarts(db),
    async add(start, marked) {
      await transaction(db, async (trx) => {
        // A server may end before it has written its own into the bucket, again and again.
        const known = new Set([start, ...(marked === undefined ? [] : [marked]), ...(await readStarts(trx))]);
        const starts = JSON.stringify([...known].slice(0, KEPT));
        await trx
          .insertInto('bucket_mark')
          .values({ id: ID, database_id: DATABASE_ID, starts })
          .onConflict((conflict) => conflict.column('id').doUpdateSet({ database_id: DATABASE_ID, starts }))
          .execute();
      });
    },
  };
}

/** None in a copy of a database. */
async function readStarts(db: Database): Promise<string[]> {
  const row = await db
    .selectFrom('bucket_mark')
    .select('starts')
    .where('id', '=', ID)
    .where('database_id', '=', DATABASE_ID)
    .executeTakeFirst();
  return row === undefined ? [] : (JSON.parse(row.starts) as string[]);
}
