import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeStore, takeLayerStore } from './layer-store.ts';

test('a build that begins while the store of its repository is removed starts with an empty one, which stays', async (t) => {
  const [folder, before] = [mkdtempSync(join(tmpdir(), 'slipway-store-')), process.cwd()];
  process.chdir(folder);
  t.after(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  for (const name of ['run', 'stores', 'stores/team']) mkdirSync(name);
  for (const name of ['store.img', 'buildkit']) writeFileSync(`stores/team/${name}`, '');
  const state = { storesInUse: new Set<string>(), cacheBytes: Number.POSITIVE_INFINITY };
  const removal = removeStore(state, 'team');
  const { isShared, sentence, path, release } = takeLayerStore(state, {
    buildId: 'b',
    repositoryId: 'team',
    cache: true,
  });
  assert.deepEqual([isShared, sentence, existsSync(path)], [true, undefined, false]);
  writeFileSync(path, 'layers');
  assert.equal(await removal, true);
  assert.deepEqual([existsSync(path), readdirSync('run')], [true, []]);
  assert.equal(await removeStore(state, 'team'), false, 'a build uses it');
  release();
  assert.deepEqual([await removeStore(state, 'team'), await removeStore(state, 'team')], [true, true]);
  assert.deepEqual([...readdirSync('stores'), ...readdirSync('run')], []);
});
