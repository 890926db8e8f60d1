import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planDockerfile } from './dockerfile.ts';

test('reads only the stages that a target needs, finds it by name ignoring case, and refuses an unknown one', async () => {
  const text = 'FROM a AS One\nFROM b\nCOPY --from=one /x /x\nFROM c AS three\n';
  const imagesOf = async (target: string) => {
    const { images } = await planDockerfile({ path: 'D', text }, [], ['linux/amd64'], { target });
    return images.map(({ image }) => image);
  };
  assert.deepEqual(await imagesOf('one'), ['a']);
  assert.deepEqual(await imagesOf('ONE'), ['a']);
  assert.deepEqual(await imagesOf('three'), ['c']);
  await assert.rejects(
    imagesOf('tow'),
    /D has no stage tow, which is the target of the build; its stages are one, three$/,
  );
  await assert.rejects(imagesOf('0'), /D has no stage 0/);
});

test('a build context replaces the image or stage of its name in FROM, COPY and mounts', async () => {
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
