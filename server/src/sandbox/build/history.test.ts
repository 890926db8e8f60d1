import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { type SandboxUnderTest, skipLongReason, startSandboxUnderTest } from '../testing/sandbox.ts';

let under: SandboxUnderTest;
before(async () => {
  if (!skipLongReason) under = await startSandboxUnderTest();
});
after(() => under?.close());

test('the store of a repository keeps no byte of what the builder notes of a build, whether it succeeds or fails', {
  skip: skipLongReason,
}, async () => {
  const noted = 'a value that is only in the notes';
  const repositoryId = 'noted';
  for (const [step, phase] of [
    ['echo kept-in-a-layer >/made', 'done'],
    ['false', 'build'],
  ]) {
    const Dockerfile = `FROM busybox\nRUN ${step}\n`;
    const { outcome, output } = await under.build({ Dockerfile }, { repositoryId, buildArgs: { NOTED: noted } });
    assert.equal(outcome.phase, phase, output);
    assert.equal(holds(noted), false, `after ${step}`);
    assert.equal(holds('kept-in-a-layer'), true, 'the search finds what a layer holds');
  }

  function holds(text: string): boolean {
    const store = `${under.dataFolder}/sandbox/stores/${repositoryId}/store.img`;
    return spawnSync('grep', ['-qaF', text, store]).status === 0;
  }
});
