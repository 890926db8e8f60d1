import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBuildRecord } from '../build-store.ts';
import { claimCancelledRecord, endBuildRecord } from '../queue/queue-store.ts';
import { startRepositoryUnderTest } from '../testing/repository.ts';

test('requests cancellation once, and succeeds without effect for a build that has ended', async () => {
  await using repository = await startRepositoryUnderTest();
  const { db } = repository.gateway.means;
  const BuildRuleId = await repository.addRule();
  const BuildRecordId = String((await repository.call('CreateBuildRecordByRule', { BuildRuleId })).body.BuildRecordId);
  assert.equal((await repository.call('CancelRepoBuildRecord', { BuildRecordId })).status, 200);
  assert.equal((await findBuildRecord(db, BuildRecordId))?.cancelRequested, true);
  assert.equal(repository.gateway.queuedBuilds(), 2);
  const claimed = await claimCancelledRecord(db, { owner: 'a', nowMs: 1, leaseMs: 1 });
  const holder = { buildRecordId: BuildRecordId, owner: 'a', epoch: claimed?.leaseEpoch ?? 0 };
  assert.ok(await endBuildRecord(db, holder, { status: 'CANCELED', endedMs: 1 }));
  assert.equal((await repository.call('CancelRepoBuildRecord', { BuildRecordId })).status, 200);
  assert.equal(repository.gateway.queuedBuilds(), 2);
  assert.equal((await repository.call('CancelRepoBuildRecord', { BuildRecordId: 'none' })).status, 404);
});
