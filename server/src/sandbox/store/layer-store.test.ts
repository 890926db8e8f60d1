import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { enterHelperFolder } from '../testing/helper-folder.ts';
import { keepOwnStore, removeStore, takeLayerStore } from './layer-store.ts';

/** A helper's working folder with a store of the repository `team`, which `files` are in. */
function withStore(t: TestContext, ...files: string[]) {
  enterHelperFolder(t);
  for (const name of files) writeFileSync(`stores/team/${name}`, 'layers');
  const state = { storesInUse: new Set<string>(), cacheBytes: Number.POSITIVE_INFINITY };
  return { state, take: () => takeLayerStore(state, { buildId: 'b', repositoryId: 'team', cache: true }) };
}

test('the layers that another builder kept are removed at the first build after the update, which says so', (t) => {
  const { take } = withStore(t, 'store.img');
  const first = take();
  assert.equal(first.sentence, 'the layer cache of an earlier version of Slipway was removed');
  assert.equal(existsSync(first.path), false);
  writeFileSync(first.path, 'own layers');
  first.release();
  const { sentence, path } = take();
  assert.deepEqual([sentence, existsSync(path)], [undefined, true]);
});

test('a build that begins while the store of its repository is removed starts with an empty one, which stays', async (t) => {
  const { state, take } = withStore(t, 'store.img', 'buildkit');
  const removal = removeStore(state, 'team');
  const { isShared, sentence, path, release } = take();
  assert.deepEqual([isShared, sentence, existsSync(path)], [true, undefined, false]);
  writeFileSync(path, 'layers');
  assert.equal(await removal, true);
  assert.deepEqual([existsSync(path), readdirSync('run')], [true, []]);
  assert.equal(await removeStore(state, 'team'), false, 'a build uses it');
  release();
  assert.deepEqual([await removeStore(state, 'team'), await removeStore(state, 'team')], [true, true]);
  assert.deepEqual([...readdirSync('stores'), ...readdirSync('run')], []);
});

test('a build’s own store becomes that of its repository, and keeps the name by which a box may be about to mount it', async (t) => {
  const { state } = withStore(t);
  mkdirSync('run/b');
  const build = { buildId: 'b', repositoryId: 'new', cache: true };
  const own = takeLayerStore(state, { ...build, cache: false });
  const mounted = own.path;
  writeFileSync(mounted, 'layers');
  assert.equal(await keepOwnStore(state, own, build), true);
  assert.notEqual(own.path, mounted);
  assert.deepEqual([statSync(own.path).ino, own.isShared], [statSync(mounted).ino, true]);
  const other = takeLayerStore(state, { buildId: 'c', repositoryId: 'new', cache: false });
  assert.equal(await keepOwnStore(state, other, { ...build, buildId: 'c' }), false, 'the repository has one');
});
