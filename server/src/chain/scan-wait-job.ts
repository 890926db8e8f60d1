import type { Database } from '#db/database.ts';
import { eventTransaction } from '#event/event-store.ts';
import type { JobRunner } from '#job/job.ts';
import type { SCAN_WAIT } from './chain-instance.ts';
import { findChainInstance } from './chain-instance-store.ts';
import { getVersion } from './chain-store.ts';
import { type ChainMeans, giveUpScan } from './walk-chain.ts';

type Subject = NonNullable<(typeof SCAN_WAIT)['shapes']>[0];

const PAUSES_MS = [5_000, 60_000];

/** Ends the wait of a scan node when its time limit is reached. */
export function scanWaitRunner(db: Database, means: ChainMeans): JobRunner<Subject, null> {
  return {
    atOnce: 1,
    pausesMs: PAUSES_MS,
    run: async ({ subject }) => {
      await eventTransaction(db, async (trx) => {
        const instance = await findChainInstance(trx, subject.chainInstanceId);
        // It has continued, or waits for a later scan.
        if (instance?.node !== 'VULNERABILITY_SCANNING' || instance.scanAttempt !== subject.scanAttempt) return;
        await giveUpScan({ trx, means, instance, version: await getVersion(trx, instance.configId) });
      });
      return null;
    },
  };
}
