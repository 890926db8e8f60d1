import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { diskBlobStore } from '#blob/disk.ts';
import { runSql } from '#db/testing/run-sql.ts';
import { makePostgresDatabase } from '#db/testing/tested-postgres.ts';
import type { Move } from '../move.ts';
import { makeOldFolder } from './old-folder.ts';

/** Changes the old database, as a server would. */
export function changeDatabase(root: string, act: (db: DatabaseSync) => void): void {
  const db = new DatabaseSync(join(root, 'db/slipway.sqlite'));
  act(db);
  db.close();
}

/** An old folder, an empty database and a bucket that is a folder, and the move between them. `act` changes the old database first. */
export async function startMove(context: TestContext, act?: (db: DatabaseSync) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-move-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const [root, bucket] = [join(folder, 'data'), join(folder, 'bucket')];
  await makeOldFolder(root, { rows: 3, images: 2, layerBytes: 100_000, largeImages: 1 });
  if (act !== undefined) changeDatabase(root, act);
  const { url } = await makePostgresDatabase('template0');
  const move: Move = {
    root,
    to: url,
    bucket,
    blobs: diskBlobStore(bucket),
    restart: false,
    withDamage: false,
    checkKey: () => undefined,
    say: () => undefined,
  };
  const query = (sql: string) => runSql(url, sql);
  return { root, bucket, url, move, query };
}
