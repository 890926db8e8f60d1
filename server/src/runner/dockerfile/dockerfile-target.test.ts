import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planDockerfile } from './dockerfile.ts';

test('reads of a target the stages that it needs, by its name in any case, and refuses one that is not there', async () => {
  const text = 'FROM a AS One\nFROM b\nCOPY --from=one /x /x\nFROM c AS three\n';
  const imagesOf = async (target: string) => {
    const { images } = await planDockerfile({ path: 'D', text }, [], ['linux/amd64'], { target });
    return images.map(({ image }) => image);
  };
  assert.deepEqual(await imagesOf('one'), ['a']);
  assert.deepEqual(await imagesOf('ONE'), ['a']);
  assert.deepEqual(await imagesOf('three'), ['c']);
  await assert.rejects(imagesOf('tow'), /D has no stage tow, which is the build's target; its stages are one, three$/);
  await assert.rejects(imagesOf('0'), /D has no stage 0/);
});

test('what a build gave as a context is no image and no stage: of FROM, COPY and mounts, and of the stage of its name', async () => {
  const text = [
    'FROM old AS replaced',
    'RUN --mount=type=secret,id=x --mount=from=inner y',
    'FROM docker.io/library/base:latest',
    'COPY --from=files a b',
    'COPY --from=replaced a b',
    'RUN --mount=from=more c',
    'RUN --mount=from=other c',
    '',
  ].join('\n');
  const read = async (contexts: string[]) => {
    const plan = await planDockerfile({ path: 'D', text }, [], ['linux/amd64'], { contexts });
    return [plan.images.map(({ image }) => image), plan.secretIds, plan.contexts.map(({ image }) => image).sort()];
  };
  assert.deepEqual(await read(['base', 'files', 'replaced', 'more', 'unused']), [
    ['other'],
    [],
    ['base', 'files', 'more', 'replaced'],
  ]);
  assert.deepEqual((await read([]))[0], ['old', 'inner', 'docker.io/library/base:latest', 'files', 'more', 'other']);
});
