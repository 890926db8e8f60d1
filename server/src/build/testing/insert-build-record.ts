import { randomUUID } from 'node:crypto';
import type { Database } from '#db/database.ts';
import { eventTransaction } from '#event/event-store.ts';
import { insertBuildRecord, type NewBuildRecord } from '../build-store.ts';
import type { LeaseHolder } from '../lease-holder.ts';
import { type Claim, claimBuildRecord } from '../queue/queue-store.ts';

/**
 * Inserts a PENDING build record into a test's database and returns its id. Without `given`, it belongs to the repository that
 * `insertRepositoryUnderTest` makes, and its source is a Git repository.
 */
export async function insertBuildRecordUnderTest(db: Database, given: Partial<NewBuildRecord> = {}): Promise<string> {
  const buildRecordId = given.buildRecordId ?? randomUUID();
  const record: NewBuildRecord = {
    instanceId: 'cri-1',
    repoId: 'crr-1',
    imageTag: 'latest',
    source: { kind: 'git', url: 'https://git.example/x', ref: 'HEAD' },
    dockerfile: 'Dockerfile',
    buildArgs: [],
    useCache: true,
    createdMs: 1,
    requesters: undefined,
    trigger: 'call',
    ...given,
    buildRecordId,
  };
  if (db.isTransaction) await insertBuildRecord(db, record);
  else await eventTransaction(db, (trx) => insertBuildRecord(trx, record));
  return buildRecordId;
}

/** Claims the next PENDING record of a test's database. Throws if there is none. */
export async function claimBuildUnderTest(db: Database, given: Partial<Claim> = {}): Promise<LeaseHolder> {
  const claim = { owner: 'runner', nowMs: 2, leaseMs: 60_000, ...given };
  const record = await claimBuildRecord(db, claim, { perInstance: 100, perRepository: 100 });
  if (record === undefined) throw new Error('there is no build to claim');
  return { buildRecordId: record.buildRecordId, owner: claim.owner, epoch: record.leaseEpoch };
}
