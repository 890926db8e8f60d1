import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { skipReason } from '../../server/src/sandbox/testing/sandbox.ts';
import { runCacheRounds } from '../support/projects/cache-rounds.ts';
import { folderOf } from '../support/queue-build.ts';
import { slipway, startServer, type TestServer } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'runs builds: runs with SLIPWAY_TEST_LONG=1';

/**
 * One build of a repository, whose layers the repository's next build may use; returns its output and the image's
 * configuration.
 */
type Build = (
  image: string,
  files: Record<string, string>,
  ...options: string[]
) => Promise<{ output: string; env: string[] }>;

test('a build does not reuse a layer that would be different today', { skip }, async (t) => {
  const server = await startServer(t);
  const build: Build = async (image, files, ...options) => {
    const folder = folderOf(t, files);
    const ended = await slipway(['build', folder, '--tag', image, '--data', server.dataFolder, ...options]);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    return { output: ended.stdout, env: (await imageConfig(server, image)).Env };
  };
  const host = new URL(server.root.Endpoint).host;

  await t.test('after another --build-arg, or another default of an ARG', async () => {
    const text = (value: string) => `FROM busybox\nARG V=${value}\nENV SEEN=$V\nRUN echo "$SEEN" >/seen\n`;
    for (const value of ['one', 'two'])
      assert.ok(
        (await build('cache/arg:1', { Dockerfile: text('x') }, '--build-arg', `V=${value}`)).env.includes(
          `SEEN=${value}`,
        ),
      );
    for (const value of ['three', 'four'])
      assert.ok((await build('cache/arg:1', { Dockerfile: text(value) })).env.includes(`SEEN=${value}`));
    assert.match((await build('cache/arg:1', { Dockerfile: text('four') })).output, /CACHED /);
  });

  await t.test('after a file that a RUN mounts has changed, in the source or in a stage', async () => {
    const ofSource = 'FROM busybox\nRUN --mount=type=bind,source=in,target=/in echo "seen $(cat /in)"\n';
    const ofStage =
      'FROM busybox AS one\nCOPY in /in\nFROM busybox\nRUN --mount=from=one,target=/one echo "seen $(cat /one/in)"\n';
    for (const Dockerfile of [ofSource, ofStage])
      for (const value of ['first', 'second'])
        assert.match(
          (await build('cache/mount:1', { Dockerfile, in: value })).output,
          new RegExp(`seen ${value}$`, 'm'),
        );
  });

  await t.test('after the tag of its base moved, or its base was replaced', async () => {
    const onBase = { Dockerfile: `FROM ${host}/cache/base:1\nENV A=1\nRUN echo "seen $(cat /base)"\n` };
    for (const value of ['first', 'second']) {
      await build('cache/base:1', { Dockerfile: `FROM busybox\nRUN echo ${value} >/base\n` });
      assert.match((await build('cache/moved:1', onBase)).output, new RegExp(`seen ${value}$`, 'm'));
    }
    await build('cache/moved:1', { Dockerfile: 'FROM busybox\nENV A=1\n' });
    await build('cache/moved:1', { Dockerfile: 'FROM scratch\nCOPY f /f\n', f: '' });
    await build('cache/moved:1', onBase);
  });
});

const ROUNDS = 200;

test('property: a random project after random edits gives the same image with the layers of all earlier builds as without any', {
  skip: skip || skipReason,
}, async (t) => {
  const seed = randomInt(2 ** 31);
  const { images, refused, cachedSteps } = await runCacheRounds(ROUNDS, seed);
  t.diagnostic(`seed ${seed}: ${images} images, ${refused} refused both ways, ${cachedSteps} cached steps`);
  assert.ok(images > refused && cachedSteps > ROUNDS / 2, 'in most rounds the cache contributes to the image');
});

async function imageConfig(server: TestServer, image: string): Promise<{ Env: string[] }> {
  const { AccessKeyId, AccessKeySecret, Endpoint } = server.root;
  const address = `docker://${new URL(Endpoint).host}/${image}`;
  const options = ['--tls-verify=false', '--creds', `${AccessKeyId}:${AccessKeySecret}`, '--config'];
  const { stdout } = await promisify(execFile)('skopeo', ['inspect', ...options, address]);
  return (JSON.parse(stdout) as { config: { Env: string[] } }).config;
}
