import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readOutputs } from './build-output.ts';

test('reads --output as docker build does, and explains a wrong one before anything is built', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-output-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const read = async (text: string) => (await readOutputs([text]))[0];
  assert.deepEqual(await read(folder), { type: 'local', path: folder, isFolder: true });
  assert.deepEqual(await read(`type=local,dest=${folder}/new`), {
    type: 'local',
    path: `${folder}/new`,
    isFolder: true,
  });
  assert.deepEqual(await read(`type=oci,dest=${file}`), { type: 'oci', path: file, isFolder: false });
  assert.deepEqual(await read(`type=oci,tar=false,dest=${folder}`), { type: 'oci', path: folder, isFolder: true });
  assert.deepEqual(await read(`type=docker,dest=${file}`), { type: 'docker', path: file, isFolder: false });
  const wrong: [text: string, says: RegExp][] = [
    ['type=tarball,dest=x', /^CliError: --output: the type "tarball" is not one of local, tar, oci and docker/],
    ['dest=x', /the type "" is not one of/],
    ['type=oci', /"type=oci" does not say where to write; use type=oci,dest=PATH/],
    ['type=tar,dest=-', /standard output shows the log/],
    ['-', /standard output shows the log/],
    ['type=registry,name=x', /--output|"name=x"/],
    ['type=image', /every image is pushed to the server's registry/],
    ['type=local,tar=false,dest=x', /tar=false works with type=oci/],
    ['type=oci,tar=no,dest=x', /tar=no is neither true nor false/],
    [file, /is not a folder/],
    [`type=oci,dest=${folder}`, /is a folder; name a file/],
    [`type=tar,dest=${folder}/no/file`, /the folder .*\/no does not exist/],
  ];
  for (const [text, says] of wrong) await assert.rejects(readOutputs([text]), says, text);
});
