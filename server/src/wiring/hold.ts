import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { PAUSED } from '#backup/paused.ts';
import { diskOf } from '#space/space.ts';

const MEBIBYTE = 2 ** 20;

/** What a server does not do for now. */
export interface Hold {
  /** No build and no job starts, and nothing is sent to other services; what waits stays where it is. */
  isPaused(): boolean;
  /** Why no build starts, in a sentence with the fix; undefined if builds start. */
  waitReason(): Promise<string | undefined>;
}

/** A hold that can also begin because the server stops. */
export interface ServerHold extends Hold {
  /** The server begins to stop: from now on no build starts. */
  stop(): void;
}

/** Looks for the mark that pauses a server (`slipway pause`), and for room on the disk. Says in the log when builds begin to wait. */
export function openHold(means: {
  folder: { reachable: string };
  config: { 'build-disk-free-mebibytes': number };
  logger: Pick<Logger, 'info' | 'warn'>;
}): ServerHold {
  const { folder, config, logger } = means;
  const root = folder.reachable;
  const mark = join(root, PAUSED);
  const isPaused = () => existsSync(mark);
  let told: string | undefined;
  let isStopping = false;
  return {
    isPaused,
    stop: () => {
      isStopping = true;
    },
    waitReason: async () => {
      if (isStopping) return STOPPING_REASON;
      const reason = isPaused() ? PAUSED_REASON : await diskReason(root, config['build-disk-free-mebibytes']);
      if (reason !== told) {
        if (reason === undefined) logger.info('builds start again');
        else logger.warn({ reason }, 'no build starts');
      }
      told = reason;
      return reason;
    },
  };
}

const STOPPING_REASON = 'the server is stopping; waiting builds start after it is started again';

const PAUSED_REASON =
  'the server is paused and starts no build; run slipway resume with its data folder, and it continues';

async function diskReason(root: string, lowMebibytes: number): Promise<string | undefined> {
  const { freeBytes } = await diskOf(root);
  if (freeBytes >= lowMebibytes * MEBIBYTE) return undefined;
  const fix = 'free some space (see slipway df and slipway prune); builds then start again';
  return `less than ${lowMebibytes} MiB is free on the disk of the data folder (build-disk-free-mebibytes); ${fix}`;
}
