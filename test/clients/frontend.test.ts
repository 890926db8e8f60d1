import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeImage } from '../../server/src/sandbox/testing/busybox-image.ts';
import { folderOf } from '../support/queue-build.ts';
import { slipway, startServer, temporaryFolder } from '../support/slipway.ts';
import { goModuleProgram, hasProgram } from './pinned.ts';

/** What Docker's own image of the frontend says that it can do. */
const LABELS = {
  'moby.buildkit.frontend.caps':
    'moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,moby.buildkit.frontend.contexts',
  'moby.buildkit.frontend.network.none': 'true',
};

test('Docker’s own frontend reads a Dockerfile that asks for it, without a network, if the operator allows it', async (t) => {
  const program = await goModuleProgram(t, 'dockerfile-frontend');
  if (program === undefined || !hasProgram(t, 'skopeo')) return;
  const folder = temporaryFolder(t);
  for (const name of ['bin', 'tmp']) mkdirSync(join(folder, 'root', name), { recursive: true });
  copyFileSync(program, join(folder, 'root/bin/dockerfile-frontend'));
  const tar = execFileSync('tar', ['-C', join(folder, 'root'), '-cf', '-', '.'], { maxBuffer: 2 ** 28 });
  writeImage(join(folder, 'image'), tar, { Entrypoint: ['/bin/dockerfile-frontend'], Labels: LABELS });
  const archive = join(folder, 'image.tar');
  execFileSync('skopeo', ['copy', '--quiet', `dir:${join(folder, 'image')}`, `oci-archive:${archive}`]);
  const flags = ['--dockerfile-frontends', 'docker/dockerfile', '--build-network', 'none'];
  const server = await startServer(t, { flags });
  const call = (...args: string[]) => slipway([...args, '--data', server.dataFolder]);
  const imported = await call('image', 'import', archive, 'docker.io/docker/dockerfile:1');
  assert.equal(imported.code, 0, imported.stderr);
  const build = (Dockerfile: string) => call('build', folderOf(t, { Dockerfile }), '--tag', 'local/app:1');

  const text = ['# syntax=docker/dockerfile:1', '# escape=`', 'FROM busybox', 'RUN echo made `', '  by-frontend', ''];
  const good = await build(text.join('\n'));
  assert.equal(good.code, 0, good.stdout + good.stderr);
  assert.match(good.stdout, /the frontend docker\/dockerfile:1 reads the Dockerfile/);
  assert.match(good.stdout, /base image docker\.io\/docker\/dockerfile:1 is sha256:\w+/);
  assert.match(good.stdout, /made by-frontend$/m);
  const failing = await build('# syntax=docker/dockerfile:1\nFROM busybox\nRUN false\n');
  assert.equal(failing.code, 1, failing.stdout);
  assert.match(failing.stdout + failing.stderr, /Dockerfile:3/);
});
