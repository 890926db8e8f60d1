import type { Client } from 'pg';
import type { SealedLogRows } from './move-logs.ts';

const PAGE = 500;

/** The table of sealed logs that are in a store, in the new database. */
export function sealedLogRows(client: Client): SealedLogRows {
  return {
    async known(logIds) {
      const { rows } = await client.query<{ id: string }>(
        'select log_id as id from sealed_log where log_id = any($1)',
        [logIds],
      );
      return new Set(rows.map(({ id }) => id));
    },
    async keep(logs) {
      await client.query('insert into sealed_log (log_id, ref) select * from unnest($1::text[], $2::text[])', [
        logs.map(({ logId }) => logId),
        logs.map(({ ref }) => ref),
      ]);
    },
    async *each() {
      for (let after = ''; ; ) {
        const { rows } = await client.query<{ id: string; ref: string }>(
          'select log_id as id, ref from sealed_log where log_id > $1 order by 1 limit $2',
          [after, PAGE],
        );
        for (const { id: logId, ref } of rows) yield { logId, ref };
        after = rows.at(-1)?.id ?? '';
        if (rows.length < PAGE) return;
      }
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
