import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folderOf } from '../support/queue-build.ts';
import { slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'runs builds on two servers: runs with SLIPWAY_TEST_LONG=1';

test('base images come from registries with logins and mirrors, from imports under their names, and from here while their registry is down', {
  skip,
}, async (t) => {
  const foreign = await startServer(t);
  // The search at the end reads everything.
  const flags = ['--build-disk-mebibytes', '512', '--dockerfile-frontends', 'ghcr.example/org/app'];
  const server = await startServer(t, { flags });
  const host = new URL(foreign.root.Endpoint).host;
  const made = { Dockerfile: 'FROM busybox\nRUN echo of the other registry >/from\n' };
  const push = await slipway(['build', folderOf(t, made), '--tag', 'team/base:1', '--data', foreign.dataFolder]);
  assert.equal(push.code, 0, push.stdout + push.stderr);

  const call = (...args: string[]) => slipway([...args, '--data', server.dataFolder]);
  const registry = async (...args: string[]) => {
    const ended = await call('registry', ...args);
    assert.equal(ended.code, 0, ended.stderr);
    return ended.stdout;
  };
  const build = async (from: string, ...options: string[]) => {
    const folder = folderOf(t, { Dockerfile: `FROM ${from}\nRUN cat /from\n` });
    const { code, stdout } = await call('build', folder, '--tag', 'team/app:1', ...options);
    return { code, output: stdout };
  };
  const passwordFile = join(temporaryFolder(t), 'password');
  writeFileSync(passwordFile, `${foreign.root.AccessKeySecret}\n`);
  const login = ['login', host, '--username', foreign.root.AccessKeyId, '--password-file', passwordFile];
  const image = `${host}/team/base:1`;

  await t.test('only an allowed address is used, and only with a login', async () => {
    assert.match((await build(image)).output, /cannot be fetched: .*(https|127\.0\.0\.1)/);
    assert.equal(
      await registry('reach', host, '--plain-http', '--allow-private'),
      `${host}  without a login, plain http, private addresses allowed\n`,
    );
    const refused = await build(image);
    assert.equal(refused.code, 1);
    assert.ok(refused.output.includes(`slipway registry login ${host}`), refused.output);
    await registry(...login);
    const { code, output } = await build(image);
    assert.equal(code, 0, output);
    assert.match(output, /base image \S+ is sha256:\w+ \(from its registry\)/);
    assert.match(output, /of the other registry$/m);
  });

  await t.test(
    'a login applies only to its namespaces, and images pulled with it cannot be read without it',
    async () => {
      await registry(...login, '--namespace', 'other');
      assert.match(await registry('list'), /as \S+ \(builds of other only\)/);
      assert.ok((await build(image)).output.includes('slipway registry login'));
      await registry('logout', host);
      assert.ok((await build(image)).output.includes('slipway registry login'));
      await registry(...login);
    },
  );

  await t.test('a mirror is asked with its own login, and with the names of the registry that it mirrors', async () => {
    await registry('mirror', 'quay.example', `${foreign.root.Endpoint}/team`);
    const { code, output } = await build('quay.example/base:1');
    assert.equal(code, 0, output);
    assert.ok(output.includes('(from the mirror of quay.example)'), output);
  });

  await t.test('an image can be imported under the name that Dockerfiles use, without that registry', async () => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, 'root/bin'), { recursive: true });
    copyFileSync('/bin/busybox', join(folder, 'root/bin/sh'));
    copyFileSync('/bin/busybox', join(folder, 'root/bin/cat'));
    writeFileSync(join(folder, 'root/from'), 'imported\n');
    execFileSync('tar', ['-C', join(folder, 'root'), '-cf', join(folder, 'root.tar'), '.']);
    const ended = await call('image', 'import', join(folder, 'root.tar'), 'ghcr.example/org/app:2');
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /^build on it: FROM ghcr\.example\/org\/app:2$/m);
    const { code, output } = await build('ghcr.example/org/app:2');
    assert.equal(code, 0, output);
    assert.match(output, /\(imported into this registry\)/);
    assert.match(output, /^.* {2}imported$/m);
  });

  await t.test(
    'an allowed frontend is fetched like a base and reads the Dockerfile; another one is ignored',
    async () => {
      const withSyntax = async (image: string) => {
        const folder = folderOf(t, { Dockerfile: `# syntax=${image}\nFROM busybox\nRUN echo read\n` });
        const { code, stdout, stderr } = await call('build', folder, '--tag', 'team/app:1');
        return { code, output: stdout + stderr };
      };
      const ignored = await withSyntax('ghcr.example/org/other:2');
      assert.equal(ignored.code, 0, ignored.output);
      assert.match(ignored.output, /# syntax=ghcr\.example\/org\/other:2 is ignored/);
      // This image is no frontend.
      const { code, output } = await withSyntax('ghcr.example/org/app:2');
      assert.equal(code, 1, output);
      assert.match(output, /base image ghcr\.example\/org\/app:2 is sha256:\w+ \(imported into this registry\)/);
      assert.match(output, /frontend/);
      assert.doesNotMatch(output, /^.* {2}read$/m);
    },
  );

  await t.test(
    'a base that is already here is used while its registry is down, with a message, unless --pull was given',
    async () => {
      assert.equal(await foreign.stop(), 0);
      const { code, output } = await build(image);
      assert.equal(code, 0, output);
      assert.match(output, /the registry of \S+ cannot be asked: .* cannot be reached/);
      assert.match(output, /\(kept here; last confirmed by its registry on \d{4}-\d\d-\d\d \d\d:\d\d UTC\)/);
      const pulled = await build(image, '--pull');
      assert.equal(pulled.code, 4, pulled.output);
      assert.match(pulled.output, /cannot be fetched: .* cannot be reached/);
    },
  );

  assert.equal(await server.stop(), 0);
  assert.ok(!server.stderr().includes(foreign.root.AccessKeySecret));
  const found = spawnSync('grep', ['-rlaF', foreign.root.AccessKeySecret, server.dataFolder]).stdout.toString();
  assert.equal(found, '', 'the password is on disk only in encrypted form');
});
