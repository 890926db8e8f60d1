import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openNodeId } from './node-id.ts';

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-node-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a data folder has one node id at every start, also after it was moved, and each copy has another', (t) => {
  const folder = makeFolder(t);
  const root = join(folder, 'data');
  cpSync(makeFolder(t), root, { recursive: true });
  const id = openNodeId(root);
  assert.match(id, /^node-[a-z0-9]{16}$/);
  assert.equal(openNodeId(root), id);
  cpSync(root, join(folder, 'copy'), { recursive: true, preserveTimestamps: true });
  renameSync(root, join(folder, 'moved'));
  assert.equal(openNodeId(join(folder, 'moved')), id);
  const copied = openNodeId(join(folder, 'copy'));
  assert.notEqual(copied, id);
  assert.equal(openNodeId(join(folder, 'copy')), copied);
});

test('a damaged node id is replaced', (t) => {
  const folder = makeFolder(t);
  const ids = new Set([openNodeId(folder)]);
  const file = join(folder, 'node.json');
  for (const damaged of ['', '{"NodeId"', 'null', '[]', readFileSync(file, 'utf8').replace(/node-\w+/, 'node-%')]) {
    writeFileSync(file, damaged);
    ids.add(openNodeId(folder));
    assert.equal(openNodeId(folder), [...ids].at(-1));
  }
  assert.equal(ids.size, 6);
});
