import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ForeignStore } from './owner-mark.ts';
import { S3Fault } from './s3/s3-fault.ts';
import type { S3Store } from './s3/s3-store.ts';

/** What is wrong with a bucket, and the fix. */
export interface BucketFinding {
  what: string;
  fix: string;
}

/** What the bucket of a server is held against. */
export interface BucketMeans {
  bucket: S3Store;
  /** Rejects with `ForeignStore` if the bucket is not that of the server. */
  checkOwner(): Promise<void>;
  now: () => number;
  /** Who asks waits for the answer. */
  answerMs?: number;
}

const ANSWER_MS = 5_000;
const KEEP_MS = 30_000;
const FOLDER = 'doctor';
const KEY = `${FOLDER}/trial`;
/** Stores refuse requests of clocks that are 15 minutes off, and may say when an object was written to the second only. */
const CLOCK_LIMIT_MS = 60_000;

/**
 * Tries all that a server does in its bucket, with an object and an upload of its own. Answers within seconds; one cause is one finding. A
 * trial writes: a caller within half a minute of the last trial, or while it is not over, gets what that one finds.
 */
export function bucketFindings({ answerMs = ANSWER_MS, ...means }: BucketMeans): () => Promise<BucketFinding[]> {
  let trial: { timeMs: number; isOver: boolean; found: Promise<BucketFinding[]> } | undefined;
  return () => {
    const timeMs = means.now();
    if (trial === undefined || (trial.isOver && Math.abs(timeMs - trial.timeMs) >= KEEP_MS)) {
      const begun = { timeMs, isOver: false, found: findAll(means) };
      const end = () => {
        begun.isOver = true;
      };
      begun.found.then(end, end);
      trial = begun;
    }
    return within(answerMs, trial.found);
  };
}

async function findAll(means: BucketMeans): Promise<BucketFinding[]> {
  try {
    return await tryBucket(means);
  } catch (error) {
    if (error instanceof ForeignStore) return [foreignFinding(error)];
    if (!(error instanceof S3Fault)) throw error;
    return [findingOf(error)];
  }
}

async function within(answerMs: number, found: Promise<BucketFinding[]>): Promise<BucketFinding[]> {
  const timer = new AbortController();
  const late = {
    what: `the bucket does not answer within ${answerMs / 1000} s`,
    fix: 'see whether its store runs, and look into its log',
  };
  try {
    const ended = sleep(answerMs, [late], { signal: timer.signal }).catch(() => []);
    return await Promise.race([found, ended]);
  } finally {
    timer.abort();
  }
}

async function tryBucket({ bucket, checkOwner, now }: BucketMeans): Promise<BucketFinding[]> {
  await checkOwner();
  const bytes = `${randomUUID()}\n`;
  const beforeMs = now();
  await bucket.put(KEY, Readable.from([Buffer.from(bytes)]), { limitBytes: bytes.length });
  const afterMs = now();
  const isReadBack = (await text(await bucket.get(KEY))) === bytes;
  const object = await bucket.head(KEY);
  const isListed = await isInList(bucket);
  await bucket.remove(KEY);
  const isRemoved = (await bucket.head(KEY)) === undefined;
  await bucket.leaveUpload(KEY);
  await bucket.endInterrupted(FOLDER, (each) => each === KEY);
  const found: (BucketFinding | false)[] = [
    !(isReadBack && isRemoved) && {
      what: 'the bucket does not give back what was written to it last, or still has what was removed',
      fix: 'use a store that is consistent: a server relies on it',
    },
    !isListed && {
      what: 'the bucket does not list what was just written to it, so sweeps may miss objects',
      fix: 'see whether its store is healthy; lists of some stores are late while it is not',
    },
    object !== undefined && clockFinding(object.modifiedMs, beforeMs, afterMs),
  ];
  return found.filter((each) => each !== false);
}

async function isInList(bucket: S3Store): Promise<boolean> {
  for await (const { key } of bucket.list(FOLDER)) if (key === KEY) return true;
  return false;
}

function foreignFinding({ reason, fix }: ForeignStore): BucketFinding {
  return { what: `the bucket is not that of this server: ${reason}; nothing is removed from it`, fix };
}

function clockFinding(modifiedMs: number, beforeMs: number, afterMs: number): BucketFinding | false {
  const aheadMs = modifiedMs < beforeMs ? modifiedMs - beforeMs : Math.max(0, modifiedMs - afterMs);
  if (Math.abs(aheadMs) <= CLOCK_LIMIT_MS) return false;
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  return {
    what: `the clock of the bucket is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the clock of this machine`,
    fix: 'set the one that is wrong; beyond 15 minutes, the store refuses requests',
  };
}

/** Messages of these faults end with the fix. */
function findingOf({ message }: S3Fault): BucketFinding {
  const [what = '', ...fix] = message.split('; ');
  return {
    what: `the bucket cannot be used: ${what}`,
    fix: fix.length > 0 ? fix.join('; ') : 'look into the log of its store',
  };
}
