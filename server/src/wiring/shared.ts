import { hostname } from 'node:os';
import type { Database } from '#db/database.ts';
import { engineOf } from '#db/engine.ts';
import { Duty } from '#job/duty.ts';
import { LiveNodes } from '#job/live-nodes.ts';
import { VERSION } from '#process/version.ts';

/** What servers with one database know of each other. */
export interface SharedMeans {
  db: Database;
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
  /** Leaves all to the others. */
  close(): Promise<void>;
}

/** Takes this server's part of what those with one database share. A database in a folder has one server. */
export async function openShared({ db, nodeId, now, report }: SharedMeans): Promise<Shared> {
  const duty = new Duty('upkeep', { db, nodeId, now, monotonicMs: () => performance.now(), report });
  await duty.start();
  const node = { nodeId, host: hostname(), version: VERSION };
  const nodes = engineOf(db) === 'postgres' ? new LiveNodes({ db, node, report }) : undefined;
  await nodes?.start();
  return {
    isMine: duty.isMine,
    liveServers: () => nodes?.count() ?? 1,
    close: async () => {
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
