import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { BuildRequest } from '../protocol/request.ts';
import { enterHelperFolder } from '../testing/helper-folder.ts';
import { type SandboxUnderTest, skipReason, startSandboxUnderTest } from '../testing/sandbox.ts';
import { copyStore, isToEmpty } from './copied-store.ts';
import { takeLayerStore } from './layer-store.ts';
import { prepareStoreImage } from './store-image.ts';

const SIZE_BYTES = 32 * 2 ** 20;

/** A helper's working folder with the store of a repository, and a pull request that takes its own. */
async function withStores(t: TestContext) {
  enterHelperFolder(t);
  await prepareStoreImage('stores/team/store.img', SIZE_BYTES);
  const state = {
    storesInUse: new Set<string>(),
    storesWaiting: new Map<string, () => Promise<void>>(),
    cacheBytes: Number.POSITIVE_INFINITY,
  };
  const store = takeLayerStore(state, { buildId: 'b', repositoryId: 'pr1-team', cache: true });
  const cancel = new AbortController();
  const copy = (sizeBytes = SIZE_BYTES) =>
    copyStore(state, 'team', store, { sizeBytes, signal: cancel.signal }).finally(() => {
      assert.deepEqual(readdirSync('run'), [], 'nothing is left of it');
      assert.deepEqual([...state.storesInUse, ...state.storesWaiting.keys()], ['pr1-team']);
    });
  const copied = () => readdirSync('stores/pr1-team').filter((name) => /img$|copied$/.test(name));
  return { state, store, copy, copied, cancel };
}

test('a store that is being copied goes to a build of its repository at once, and nothing of the copy stays', async (t) => {
  const { state, store, copy, copied } = await withStores(t);
  let isOver = false;
  const copying = copy().finally(() => {
    isOver = true;
  });
  while (!state.storesWaiting.has('team') && !isOver) await setImmediate();
  assert.ok(state.storesInUse.has('team'));
  await state.storesWaiting.get('team')?.();
  assert.equal(state.storesInUse.has('team'), false);
  assert.equal(await copying, 'this build begins with an empty layer cache: a build of the repository needs its own');
  assert.deepEqual([copied(), isToEmpty(store)], [[], false]);
});

test('only a store that a build could use now is copied, and a cancelled copy says nothing', async (t) => {
  const { state, store, copy, copied, cancel } = await withStores(t);
  assert.equal(await copy(2 * SIZE_BYTES), undefined, 'the setting of its size was changed');
  state.storesInUse.add('team');
  const said = await copyStore(state, 'team', store, { sizeBytes: SIZE_BYTES, signal: cancel.signal });
  assert.equal(said, 'this build begins with an empty layer cache: another build is using that of the repository');
  state.storesInUse.delete('team');
  cancel.abort();
  assert.equal(await copy(), undefined);
  assert.deepEqual(copied(), []);
});

/** The file that says that a copy is still to be emptied. */
function markOf({ dataFolder }: SandboxUnderTest): string {
  return join(dataFolder, 'sandbox', 'stores', 'pr1-team', 'store.img.copied');
}

describe('the layer cache of a pull request that begins as a copy', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  const repositoryId = 'team';
  const proposed = { repositoryId: 'pr1-team', copyOf: 'team' } satisfies Partial<BuildRequest>;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  const mount = '--mount=type=cache,target=/kept';
  const files = (text: string) => ({
    Dockerfile: `FROM busybox
COPY f /f
RUN echo made of $(cat /f)
RUN ${mount} ls /kept; cp /f /kept/of-${text}; echo ${text} >>/kept/list; cat /kept/list
`,
    f: 'the same\n',
  });
  const build = async (text: string, changes: Partial<BuildRequest>) => {
    const { outcome, output } = await under.build(files(text), changes);
    assert.deepEqual([outcome.phase, outcome.cacheUsed], ['done', true], output);
    return output;
  };

  test('has the steps of the repository’s builds, but neither reads nor changes their cache mounts, and changes none of their steps', async () => {
    await build('private', { repositoryId });
    assert.match(await build('again', { repositoryId }), /^list\nof-private$/m, 'the control: they read cache mounts');
    const first = await build('strange', proposed);
    assert.match(first, /^the layer cache begins as a copy of the repository’s\n/);
    assert.match(first, /^CACHED STEP 1\/4: COPY f/m);
    assert.match(first, /^CACHED STEP 2\/4: RUN echo made/m);
    assert.doesNotMatch(first, /of-private|^private$/m);
    const second = await build('stranger', proposed);
    assert.doesNotMatch(second, /begins as a copy/);
    assert.match(second, /^list\nof-strange$/m, 'it keeps its own');
    writeFileSync(markOf(under), '');
    assert.doesNotMatch(
      await build('emptied', proposed),
      /of-strange/,
      'the builder of the copy died before it was emptied',
    );
    assert.equal(existsSync(markOf(under)), false);
    const trusted = await build('strange', { repositoryId });
    assert.doesNotMatch(trusted, /^CACHED STEP 3/m, 'a step of the pull request is run again');
    assert.match(trusted, /^private\nagain\nstrange$/m);
    assert.deepEqual(under.leftovers(), []);
  });
});
