import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readContexts, sendContexts } from './build-contexts.ts';

test('reads --build-context: sends folders, and names images and Git addresses', async () => {
  const specs = await readContexts([
    `app=${import.meta.dirname}`,
    'base=docker-image://team/base:1',
    'code=https://x/y#v1',
  ]);
  const sent = await sendContexts(specs, async (folder) => ({ ArchiveId: folder, Name: 'src' }));
  assert.deepEqual(sent, [
    { Name: 'app', ArchiveId: import.meta.dirname },
    { Name: 'base', Image: 'team/base:1' },
    { Name: 'code', GitUrl: 'https://x/y', Ref: 'v1' },
  ]);
});

test('explains what is wrong with a --build-context', async () => {
  const wrong: [texts: string[], says: RegExp][] = [
    [['folder'], /^CliError: --build-context: "folder" is not of the form NAME=FOLDER/],
    [['a='], /is not of the form/],
    [['a=/no/such/folder'], /\/no\/such\/folder does not exist/],
    [[`a=${import.meta.filename}`], /is not a folder/],
    [['a=oci-layout://x'], /cannot be used here/],
    [Array.from({ length: 17 }, (_, at) => `n${at}=docker-image://x`), /it is given 17 times; 16 is the limit/],
  ];
  for (const [texts, says] of wrong) await assert.rejects(readContexts(texts), says, texts[0] ?? '');
});
