import assert from 'node:assert/strict';
import { test } from 'node:test';
import { folderOf } from '../support/queue-build.ts';
import { slipway, startServer } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'runs builds: runs with SLIPWAY_TEST_LONG=1';

test('a build pushes its cache to the registry, and a build of another repository uses it', {
  skip,
}, async (t) => {
  const server = await startServer(t);
  const host = new URL(server.root.Endpoint).host;
  const files = {
    Dockerfile: 'FROM busybox AS made\nRUN echo ran >/made\nFROM busybox\nCOPY --from=made /made /made\n',
  };
  const build = async (image: string, ...options: string[]) => {
    const args = ['build', folderOf(t, files), '--tag', image, '--data', server.dataFolder, ...options];
    const { code, stdout, stderr } = await slipway(args);
    return { code, output: stdout + stderr };
  };
  const cache = `type=registry,ref=${host}/team/app:cache`;

  const first = await build('team/app:1', '--cache-from', cache, '--cache-to', `${cache},mode=max`);
  assert.equal(first.code, 0, first.output);
  assert.match(first.output, /there is no cache \S+\/team\/app:cache yet/);
  assert.match(first.output, /pushed the cache team\/app:cache, digest sha256:\w{64}$/m);

  const second = await build('team/other:1', '--cache-from', 'team/app:cache');
  assert.equal(second.code, 0, second.output);
  assert.match(second.output, /CACHED \[1\/2\] STEP \d\/2: RUN echo ran/);

  const command = async (...args: string[]) => {
    const { stdout, stderr } = await slipway(['cache', ...args, '--data', server.dataFolder]);
    return stdout + stderr;
  };
  assert.match(await command('list'), /^team\/app {2}\d+ MiB {2}used [\d-]+ [\d:]+ UTC$/m);
  assert.match(
    await command('prune', 'team/app'),
    /^would remove team\/app {2}\d+ MiB.*\n.*nothing was removed; add --yes/m,
  );
  assert.match((await build('team/app:1')).output, /CACHED \[1\/2\]/);
  assert.match(await command('prune', 'team/app', '--yes'), /^removed team\/app {2}\d+ MiB/m);
  assert.doesNotMatch(await command('list'), /team\/app/);
  const rebuilt = await build('team/app:1');
  assert.equal(rebuilt.code, 0, rebuilt.output);
  assert.doesNotMatch(rebuilt.output, /CACHED/);
  assert.match(await command('prune'), /name a repository, or give --all/);

  const foreign = await build('team/other:1', '--cache-from', 'type=registry,ref=ghcr.io/org/app:cache');
  assert.equal(foreign.code, 1);
  assert.ok(
    foreign.output.includes('--cache-from ghcr.io/org/app:cache: caches can only be in this registry'),
    foreign.output,
  );
  const absent = await build('team/other:1', '--cache-to', 'type=registry,ref=team/none:cache');
  assert.ok(absent.output.includes('there is no such repository; create it first'), absent.output);
  const own = await build('team/other:1', '--cache-to', 'team/other:1');
  assert.ok(own.output.includes('the image has this name; give the cache another tag'), own.output);
  const mistaken = await build('team/other:1', '--cache-from', 'type=gha');
  assert.equal(mistaken.code, 2);
  assert.match(
    mistaken.output,
    /--cache-from: a cache must have type=registry: write type=registry,ref=NAMESPACE\/NAME:TAG/,
  );
});
