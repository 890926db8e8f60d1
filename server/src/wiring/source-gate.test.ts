import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatedSources } from './source-gate.ts';

const ANSWER = { url: 'https://git.example/a.git', problem: undefined, branches: [], tags: [], isCut: false };

test('slow checks of one caller leave others their turn, and end with room for the next', async () => {
  const slow = Promise.withResolvers<typeof ANSWER>();
  const asked = gatedSources(() => slow.promise);
  const ask = (arn: string) => asked({} as Parameters<typeof asked>[0], { arn });
  const running = [ask('ann'), ask('ann')];
  await assert.rejects(ask('ann'), { code: 'Throttling', message: /this caller already has 2 sources checked/ });
  for (const arn of ['bob', 'cid', 'dan']) running.push(ask(arn), ask(arn));
  await assert.rejects(ask('eve'), { code: 'Throttling', message: /too many sources are being checked/ });
  slow.resolve(ANSWER);
  assert.equal((await Promise.all(running)).length, 8);
  assert.deepEqual(await ask('ann'), ANSWER);
});
