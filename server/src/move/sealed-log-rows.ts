import type { Client } from 'pg';
import { Semaphore } from '#admission/semaphore.ts';
import type { SealedLogRows } from './move-logs.ts';

/** The table of sealed logs that are in a store, in the new database. */
export function sealedLogRows(client: Client): SealedLogRows {
  // A client runs one statement at a time.
  const turns = new Semaphore(1);
  return {
    async known(logIds) {
      const { rows } = await client.query<{ id: string }>(
        'select log_id as id from sealed_log where log_id = any($1)',
        [logIds],
      );
      return new Set(rows.map(({ id }) => id));
    },
    async keep(logId, ref) {
      await turns.run(() => client.query('insert into sealed_log (log_id, ref) values ($1, $2)', [logId, ref]));
    },
    async archives(refs) {
      const { rows } = await client.query<{ ref: string }>('select ref from sealed_log where ref = any($1)', [refs]);
      return new Set(rows.map(({ ref }) => ref));
    },
    async first() {
      const { rows } = await client.query<{ ref: string }>('select ref from sealed_log limit 1');
      return rows[0]?.ref;
    },
    async count() {
      const { rows } = await client.query<{ count: string }>('select count(*) from sealed_log');
      return Number(rows[0]?.count);
    },
  };
}
