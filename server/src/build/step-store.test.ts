import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BuildStep, STEPS_LIMIT } from './build-step.ts';
import { listBuildSteps, saveBuildSteps } from './step-store.ts';
import { claimBuildUnderTest, insertBuildRecordUnderTest } from './testing/insert-build-record.ts';
import { startRepositoryUnderTest } from './testing/repository.ts';

test('stores the maximum number of steps at once, whatever numbers the builder prints', async () => {
  await using repository = await startRepositoryUnderTest({ bound: false });
  const { instanceId, means } = repository.gateway;
  await insertBuildRecordUnderTest(means.db, { buildRecordId: 'b-1', instanceId, repoId: repository.repoId });
  const holder = await claimBuildUnderTest(means.db);
  const steps = Array.from(
    { length: STEPS_LIMIT },
    (_, index): BuildStep => ({
      step: index + 1,
      stage: 1,
      stageCount: Number('9'.repeat(400)),
      ...(index % 2 === 0 ? {} : { stageName: 'tools' }),
      number: 1e300,
      numberCount: 99_999_999,
      instruction: 'RUN x',
      cached: false,
      startedMs: 1,
      endedMs: undefined,
      exitCode: undefined,
    }),
  );
  await saveBuildSteps(means.db, holder, steps);
  await saveBuildSteps(
    means.db,
    holder,
    steps.map((step) => ({ ...step, exitCode: 0 })),
  );
  const stored = await listBuildSteps(means.db, 'b-1');
  assert.equal(stored.length, STEPS_LIMIT);
  const capped = { stageCount: 1_000_000, number: 1_000_000, numberCount: 1_000_000 };
  for (const at of [-1, -2]) assert.deepEqual(stored.at(at), { ...steps.at(at), ...capped, exitCode: 0 });
});
