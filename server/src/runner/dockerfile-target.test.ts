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
