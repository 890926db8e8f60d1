import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadOperations } from './load-operations.ts';

const source = (action: string) => `export default { action: '${action}', run: async () => ({}) };`;

test('finds the operations of every noun', async () => {
  const operations = await loadOperations();
  assert.equal(operations.get('GetInstance')?.action, 'GetInstance');
});

test('refuses a name unlike its file, one the spec lacks, a double, and a file without an operation', async (t) => {
  const cases = [
    [{ 'a/operations/GetInstance.ts': source('ListInstance') }, /GetInstance\.ts holds ListInstance/],
    [{ 'a/operations/NoSuchThing.ts': source('NoSuchThing') }, /the spec has no operation NoSuchThing/],
    [
      { 'a/operations/GetInstance.ts': source('GetInstance'), 'b/operations/GetInstance.ts': source('GetInstance') },
      /b\/operations\/GetInstance\.ts: GetInstance is there twice/,
    ],
    [{ 'a/operations/GetInstance.ts': 'export const a = 1;' }, /exports no operation/],
  ] as const;
  for (const [files, message] of cases) {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-operations-'));
    t.after(() => rm(folder, { recursive: true }));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await assert.rejects(loadOperations(folder), message);
  }
});
