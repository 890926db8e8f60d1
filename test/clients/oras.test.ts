import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { goProgram } from './pinned.ts';
import { makeHome } from './programs.ts';
import { startRegistry } from './who-logs-in.ts';

test('oras attaches an artifact to an image, discovers it, and copies both into another repository', async (t) => {
  const oras = await goProgram(t, 'oras');
  if (oras === undefined) return;
  const { host, pairs } = await startRegistry(t);
  const [{ user, password } = { user: '', password: '' }] = pairs;
  const home = makeHome(t);
  await home.run(oras, ['login', '--plain-http', '--username', user, '--password-stdin', host], { input: password });
  const run = async (command: string, ...args: string[]) => home.run(oras, [command, '--plain-http', ...args]);
  writeFileSync(join(home.folder, 'image.txt'), 'an image');
  writeFileSync(join(home.folder, 'sbom.json'), '{"packages":[]}');
  const [image, copy] = [`${host}/team/image:v1`, `${host}/team/copy:v1`];
  await run('push', image, '--artifact-type', 'application/vnd.test.image', 'image.txt');
  await run('attach', image, '--artifact-type', 'application/vnd.test.sbom', 'sbom.json');
  await run('attach', image, '--artifact-type', 'application/vnd.test.note', 'image.txt');

  const discovered = async (reference: string, ...filter: string[]) => {
    const json = JSON.parse(await run('discover', '--format', 'json', ...filter, reference)) as {
      referrers: { artifactType: string; digest: string }[];
    };
    return json.referrers.map(({ artifactType }) => artifactType).sort();
  };
  const both = ['application/vnd.test.note', 'application/vnd.test.sbom'];
  assert.deepEqual(await discovered(image), both);
  assert.deepEqual(await discovered(image, '--artifact-type', 'application/vnd.test.sbom'), [
    'application/vnd.test.sbom',
  ]);
  await home.run(oras, ['cp', '--from-plain-http', '--to-plain-http', '--recursive', image, copy]);
  assert.deepEqual(await discovered(copy), both);
  assert.equal(await run('resolve', copy), await run('resolve', image));
});
