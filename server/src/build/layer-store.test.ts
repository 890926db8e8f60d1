import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildSource } from '#source/source.ts';
import { copiedStore, isStoreOf, storeFamily } from './layer-store.ts';

test('a pull request has layer stores of its own, with which no other build begins, and which go with the repository', () => {
  const repoId = 'crr-1a2b';
  const push: BuildSource = { kind: 'code-host', type: 'GITLAB', namespaceName: 'team', name: 'app', ref: 'main' };
  const families = [push, { ...push, pullRequest: 5 }, { ...push, pullRequest: 51 }].map((source) =>
    storeFamily({ repoId, source }),
  );
  assert.equal(families[0], repoId);
  // A builder begins with any store of its family: the name itself, or one that continues it after a dash.
  for (const family of families)
    for (const other of families)
      assert.equal(
        other === family || `${other}-0123`.startsWith(`${family}-`),
        other === family,
        `${family} ${other}`,
      );
  for (const family of families)
    for (const id of [family, `${family}-0123`])
      assert.deepEqual([isStoreOf(id, repoId), isStoreOf(id, 'crr-1a2')], [true, false]);
});

test('only the store of a pull request begins as a copy, of the store of its repository with layers of the same bases', () => {
  const copies = ['pr5-crr-1a2b', 'pr5-crr-1a2b-0123', 'crr-1a2b', 'crr-1a2b-0123'].map((id) =>
    copiedStore(id, 'copy'),
  );
  assert.deepEqual(copies, [{ copyOf: 'crr-1a2b' }, { copyOf: 'crr-1a2b-0123' }, {}, {}]);
  assert.deepEqual(copiedStore('pr5-crr-1a2b', 'empty'), {});
});
