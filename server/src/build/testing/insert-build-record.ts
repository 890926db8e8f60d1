import { randomUUID } from 'node:crypto';
import type { Database } from '#db/database.ts';
import { insertBuildRecord, type NewBuildRecord } from '../build-store.ts';

/**
 * Inserts a PENDING build record into a test's database and returns its id. Without `given`, it belongs to the repository that
 * `insertRepositoryUnderTest` makes, and its source is a Git repository.
 */
export async function insertBuildRecordUnderTest(db: Database, given: Partial<NewBuildRecord> = {}): Promise<string> {
  const buildRecordId = given.buildRecordId ?? randomUUID();
  await insertBuildRecord(db, {
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
  });
  return buildRecordId;
}
