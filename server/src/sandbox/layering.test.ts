import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { planLayering } from './layering.ts';
import { type SandboxUnderTest, skipLongReason, startSandboxUnderTest } from './sandbox-under-test.ts';

test('counts the layers of the deepest base, and says what a build of many layers loses', () => {
  const kinds = [0, 78, 79, 118, 119, 1000].map((added) => planLayering(added, [1, 2]).kind);
  assert.deepEqual(kinds, ['over-bases', 'over-bases', 'with-bases', 'with-bases', 'none', 'none']);
  assert.equal(planLayering(78, [1, 2]).sentence, undefined);
  assert.match(planLayering(79, [1, 2]).sentence ?? '', /^81 layers, .* is copied into the layer cache$/);
  assert.match(planLayering(130, []).sentence ?? '', /^130 layers, .*: built without the layer cache, which holds 120/);
});

describe('a build of many layers', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  // Few steps that are said to be many: whether so many layers really stack, `npm run soak -- real` shows.
  const build = (repositoryId: string, layerCount: number) => {
    const limits = { memoryBytes: 2 ** 29, cpus: 2, pids: 256, diskBytes: 2 ** 29, timeoutMs: 300_000 };
    const files = { Dockerfile: 'FROM busybox\nCOPY part /1\nRUN cat /1\n', part: 'whole\n' };
    return under.build(files, { layerCount, repositoryId, limits });
  };
  const isCached = (output: string) => output.includes('--> Using cache ');

  test('past 80 uses a layer cache that holds the base, and a later one of fewer layers uses it too', async () => {
    await build('repository-deep', 2);
    const first = await build('repository-deep', 85);
    assert.equal(first.outcome.phase, 'done', first.output);
    assert.match(first.output, /^86 layers, .*copied into the layer cache\nSTEP/);
    assert.match(first.output, /^whole$/m);
    const second = await build('repository-deep', 85);
    const shorter = await build('repository-deep', 2);
    const all = [first, second, shorter].map(({ output }) => isCached(output));
    assert.deepEqual(all, [false, true, true], second.output);
    assert.deepEqual(
      [second, shorter].map(({ outcome }) => outcome.phase),
      ['done', 'done'],
    );
    assert.deepEqual(under.leftovers(), []);
  });

  test('past 120 makes one layer without the layer cache, and the log says so first', async () => {
    const { outcome, output } = await build('repository-none', 130);
    assert.equal(outcome.phase, 'done', output);
    assert.match(output, /^131 layers, .*built without the layer cache, .* one layer\nSTEP/);
    assert.equal(output.match(/^--> [0-9a-f]{11}$/gm)?.length, 1, output);
  });
});
