import { hostname } from 'node:os';
import { DatabaseNonces } from '#audit/database-nonces.ts';
import { FileNonces } from '#audit/file-nonces.ts';
import type { Nonces } from '#audit/nonces.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import { engineOf } from '#db/engine.ts';
import { Duty } from '#job/duty.ts';
import { LiveNodes } from '#job/live-nodes.ts';
import { VERSION } from '#process/version.ts';
import type { OpenedDatabase } from './database.ts';

/** What servers with one database know of each other. */
export interface SharedMeans {
  database: Pick<OpenedDatabase, 'db' | 'onBack'>;
  folder: Pick<DataFolder, 'nonces'>;
  nodeId: string;
  now: () => number;
  report: (message: string, error: unknown) => void;
}

/** What this server shares with others that have its database. */
export interface Shared {
  /** Whether it does the upkeep for all. */
  isMine: () => boolean;
  /** How many servers there are. */
  liveServers: () => number;
  nonces: Nonces;
  /** Leaves all to the others. */
  close(): Promise<void>;
}

/** Takes this server's part of what those with one database share. A database in a folder has one server. */
export async function openShared({ database, folder, nodeId, now, report }: SharedMeans): Promise<Shared> {
  const { db } = database;
  const duty = new Duty('upkeep', { db, nodeId, monotonicMs: () => performance.now(), report });
  await duty.start();
  const node = { nodeId, host: hostname(), version: VERSION };
  const isPostgres = engineOf(db) === 'postgres';
  const nodes = isPostgres ? new LiveNodes({ db, node, report }) : undefined;
  await nodes?.start();
  const nonces = await openNonces(isPostgres, { database, folder, now, report });
  return {
    isMine: duty.isMine,
    liveServers: () => nodes?.count() ?? 1,
    nonces,
    close: async () => {
      await nonces.close();
      try {
        await nodes?.close();
        await duty.close();
      } catch (error) {
        // The others find out by themselves, later.
        report('the server could not tell others that it ends', error);
      }
    },
  };
}

async function openNonces(
  isPostgres: boolean,
  { database: { db, onBack }, folder, now, report }: Omit<SharedMeans, 'nodeId'>,
): Promise<Nonces> {
  if (!isPostgres)
    return FileNonces.open({
      folder: folder.nonces,
      now,
      onFault: (error) => report('a nonce could not be stored', error),
    });
  const nonces = new DatabaseNonces({ db, now, onFault: (error) => report('old nonces could not be removed', error) });
  await nonces.begin();
  // A crash has emptied their table. Otherwise the first calls after it would find that out, and be refused.
  onBack(() => nonces.begin());
  return nonces;
}
