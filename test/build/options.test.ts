import assert from 'node:assert/strict';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startGitHost } from '../support/peers/git-host.ts';
import { makeSshKey } from '../support/peers/ssh-host.ts';
import { folderOf } from '../support/queue-build.ts';
import { firstUuid, native, slipway, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'runs builds: runs with SLIPWAY_TEST_LONG=1';

test('the flags of slipway build do what the flags of docker build do', { skip }, async (t) => {
  // The search covers the whole disk.
  const server = await startServer(t, { flags: ['--build-disk-mebibytes', '256', '--allow-addresses', '127.0.0.1'] });
  const build = async (files: Record<string, string>, flags: readonly string[], env: Record<string, string> = {}) => {
    const folder = folderOf(t, files);
    return slipway(['build', folder, '--tag', 'options/it:1', '--data', server.dataFolder, ...flags], { env });
  };

  await t.test('--target builds no other stage, --label is in the image, and both in the record', async () => {
    const Dockerfile = 'FROM busybox AS one\nLABEL a=file b=file\nRUN echo one\nFROM one AS two\nRUN false\n';
    const ended = await build({ Dockerfile }, ['--target', 'One', '--label', 'a=flag', '--label', 'with space=x=y']);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    const { 'io.slipway.busybox': _, ...labels } = (await imageConfig(server)).Labels;
    assert.deepEqual(labels, { a: 'flag', b: 'file', 'with space': 'x=y' });
    const { Options } = await native(server.client, `/api/v1/builds/${firstUuid(ended.stdout)}`);
    assert.deepEqual(Options, { Target: 'One', Labels: { a: 'flag', 'with space': 'x=y' } });
    const unknown = await build({ Dockerfile }, ['--target', 'tow']);
    assert.equal(unknown.code, 1);
    assert.match(
      unknown.stdout,
      /Reason +Dockerfile has no stage tow, which is the target of the build; its stages are one, two/,
    );
  });

  await t.test(
    '--tag several times gives one image several tags, and names of two repositories are refused',
    async () => {
      const Dockerfile = 'FROM scratch\nCOPY Dockerfile /\n';
      const ended = await build({ Dockerfile }, ['--tag', 'options/it:1.2', '--tag', 'options/it']);
      assert.equal(ended.code, 0, ended.stdout + ended.stderr);
      const names = [...ended.stdout.matchAll(/^Image +\S+\/(options\/it:\S+)$/gm)].map(([, name]) => name);
      assert.deepEqual(names, ['options/it:1', 'options/it:1.2', 'options/it:latest']);
      const digest = /^Digest +(\S+)$/m.exec(ended.stdout)?.[1];
      const more = await slipway(['tag', `options/it@${digest}`, 'stable', '--data', server.dataFolder]);
      assert.equal(more.code, 0, more.stderr);
      const { Tags } = await native(server.client, '/api/v1/repositories/options/it/tags');
      for (const tag of ['1', '1.2', 'latest', 'stable'])
        assert.equal((Tags as { Tag: string; Digest: string }[]).find((each) => each.Tag === tag)?.Digest, digest, tag);
      const two = await build({ Dockerfile }, ['--tag', 'options/other:1']);
      assert.equal(two.code, 2);
      assert.match(
        two.stderr,
        /all names of a build must be of one repository, but "options\/other:1" is not of options\/it/,
      );
    },
  );

  await t.test(
    'a further tag that is refused costs neither the image nor its digest, and ends with exit code 3',
    async () => {
      const { InstanceId } = server.root;
      const repository = {
        RepoNamespaceName: 'options',
        RepoName: 'fixed',
        RepoType: 'PRIVATE',
        Summary: 's',
      } as const;
      await server.client.call('CreateRepository', { InstanceId, ...repository, TagImmutability: true });
      const tagged = (text: string, ...tags: string[]) =>
        slipway([
          ...['build', folderOf(t, { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n', text }), '-q'],
          ...['--label', `text=${text}`, '--data', server.dataFolder],
          ...tags.flatMap((tag) => ['--tag', `options/fixed:${tag}`]),
        ]);
      assert.equal((await tagged('one', 'a', 'taken')).code, 0);
      const refused = await tagged('two', 'b', 'taken');
      assert.equal(refused.code, 3, refused.stderr);
      assert.match(refused.stdout, /^sha256:[0-9a-f]{64}\n$/);
      assert.match(refused.stderr, /TAG_IMMUTABLE/);
    },
  );

  await t.test('--no-cache runs every step, and the next build uses the results', async () => {
    const Dockerfile = 'FROM busybox\nRUN echo "made $(cat /proc/sys/kernel/random/uuid)" | tee /made\n';
    const seen: (string | undefined)[] = [];
    for (const flags of [[], [], ['--no-cache'], []]) {
      const ended = await build({ Dockerfile }, flags);
      assert.equal(ended.code, 0, ended.stdout + ended.stderr);
      seen.push(/made [0-9a-f-]{36}$/m.exec(ended.stdout)?.[0]);
    }
    const [first, again, rebuilt, then] = seen;
    assert.ok(first !== undefined && rebuilt !== undefined && first !== rebuilt, String(seen));
    assert.deepEqual([again, then], [undefined, undefined], 'a cached step prints nothing');
  });

  await t.test('--output writes the files of the image, and the image itself as the registry has it', async () => {
    const folder = temporaryFolder(t);
    const at = (name: string) => join(folder, name);
    const Dockerfile = [
      'FROM busybox AS make',
      'RUN mkdir -p /o/bin && echo app >/o/bin/app && chmod 4755 /o/bin/app && ln -s /etc/passwd /o/link',
      'FROM scratch',
      'COPY --from=make /o /',
      '',
    ].join('\n');
    const outputs = [at('files'), ...['oci', 'docker', 'tar'].map((type) => `type=${type},dest=${at(type)}`)];
    const ended = await build(
      { Dockerfile },
      outputs.flatMap((output) => ['-o', output]),
    );
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.deepEqual(readdirSync(at('files'), { recursive: true }).sort(), ['bin', 'bin/app', 'link']);
    assert.equal(readFileSync(at('files/bin/app'), 'utf8'), 'app\n');
    assert.equal(lstatSync(at('files/bin/app')).mode & 0o7777, 0o755);
    assert.equal(readlinkSync(at('files/link')), '/etc/passwd');
    const inspect = (place: string) =>
      JSON.parse(execFileSync('skopeo', ['inspect', place], { encoding: 'utf8' })) as {
        Digest: string;
        Layers: string[];
      };
    const { Digest } = inspect(`oci-archive:${at('oci')}`);
    assert.equal(Digest, /^Digest +(\S+)$/m.exec(ended.stdout)?.[1]);
    assert.equal(inspect(`docker-archive:${at('docker')}`).Layers.length, 1);
    const listed = execFileSync('tar', ['-tvf', at('tar')], { encoding: 'utf8' });
    assert.match(listed, /^-rwsr-xr-x 0\/0 .* bin\/app$/m);
    const imported = await slipway(['image', 'import', at('oci'), 'options/it:again', '--data', server.dataFolder]);
    assert.equal(imported.code, 0, imported.stderr);
  });

  await t.test('--build-context gives a folder, an image or a repository the name of a stage or an image', async () => {
    const git = await startGitHost(t);
    git.addRepository('team/code', { f: 'of the repository' });
    const Dockerfile = [
      'FROM nothing.invalid/x AS stage',
      'RUN false',
      'FROM alpine',
      'COPY --from=stage f /stage',
      'RUN --mount=from=files,target=/files --mount=from=code,target=/code cat /stage /files/f /code/f && test ! -e /files/left-out',
      '',
    ].join('\n');
    const named = folderOf(t, { f: 'of the folder\n', 'left-out': '', '.dockerignore': 'left-out\n' });
    const places = [
      `stage=${named}`,
      `files=${named}`,
      `code=${git.url}/team/code.git`,
      'alpine=docker-image://busybox',
    ];
    const ended = await build(
      { Dockerfile },
      places.flatMap((place) => ['--build-context', place]),
    );
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.match(ended.stdout, /of the folder\n.*of the folder\n.*of the repository/);
    const { Options } = await native(server.client, `/api/v1/builds/${firstUuid(ended.stdout)}`);
    const kinds = (Options as { BuildContexts: { Kind: string }[] }).BuildContexts.map(({ Kind }) => Kind);
    assert.deepEqual(kinds, ['archive', 'archive', 'git', 'image']);
    assert.deepEqual(
      readdirSync(join(server.dataFolder, 'blobs', 'sources')),
      [],
      'sent contexts are removed with the build',
    );
  });

  await t.test('a large folder is built as it is now, whatever became of what was sent before', async () => {
    const kept = join(server.dataFolder, 'blobs', 'sources');
    const Dockerfile = 'FROM busybox\nCOPY . /src\nRUN cd /src && sha256sum big && cat text && ls\n';
    const folder = folderOf(t, { Dockerfile, text: 'first', big: randomBytes(2 ** 19).toString('hex') });
    const env = { XDG_CACHE_HOME: temporaryFolder(t) };
    const shows = async (text: string, ...flags: string[]) => {
      // Files that changed just now are sent again in any case.
      await sleep(2100);
      writeFileSync(join(folder, 'text'), `${text}\n`);
      const ended = await slipway(['build', folder, '--tag', 'options/sent:1', '--data', server.dataFolder, ...flags], {
        env,
      });
      assert.equal(ended.code, 0, ended.stdout + ended.stderr);
      assert.match(ended.stdout, new RegExp(` ${text}\n`));
      assert.ok(
        ended.stdout.includes(
          createHash('sha256')
            .update(readFileSync(join(folder, 'big')))
            .digest('hex'),
        ),
      );
      return readdirSync(kept);
    };
    const [first = ''] = await shows('one');
    const [second = '', ...more] = await shows('two');
    assert.deepEqual([more, first === second], [[], false], 'the newest is kept');
    writeFileSync(join(kept, second), 'damaged');
    const [third = ''] = await shows('six');
    rmSync(join(kept, third));
    assert.equal((await shows('ten')).length, 1);
    assert.equal((await shows('end', '--no-cache')).length, 1);
  });

  await t.test('--secret and --ssh reach the steps of this build alone, and are in no file and no log', async () => {
    const folder = temporaryFolder(t);
    const canary = 'canary-of-this-build-alone-51c7';
    writeFileSync(join(folder, 'tok'), canary);
    const key = makeSshKey(folder, 'key');
    const source = join(folder, 'source');
    copyProgram('/usr/bin/ssh-keygen', join(source, 'ssh'));
    writeFileSync(join(source, 'key.pub'), readFileSync(`${key}.pub`));
    // A signature that only the agent can make, with the key that it got.
    const sign = `cp -r /in/ssh /ssh && cd /tmp && echo said >it && /ssh/run -Y sign -f /in/key.pub -n test it && cat it.sig`;
    writeFileSync(
      join(source, 'Dockerfile'),
      [
        'FROM busybox',
        'RUN --mount=type=secret,id=tok --mount=type=secret,id=env cat /run/secrets/tok; echo; sha256sum </run/secrets/env || true',
        `RUN --mount=type=ssh,id=git,required=true --mount=target=/in ${sign}`,
        'RUN test ! -e /run/secrets/tok',
        '',
      ].join('\n'),
    );
    const args = ['build', source, '--tag', 'options/it:2', '--data', server.dataFolder];
    const flags = ['--secret', `id=tok,src=${folder}/tok`, '--secret', 'id=env,env=CANARY', '--ssh', `git=${key}`];
    const ended = await slipway([...args, ...flags], { env: { CANARY: 'canary-of-the-environment' } });
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.match(ended.stdout, /DOCKER_IMAGE_BUILD +\*\*\*$/m);
    const sum = createHash('sha256').update('canary-of-the-environment').digest('hex');
    assert.ok(ended.stdout.includes(sum));
    const signature = ended.stdout
      .split('\n')
      .map((line) => line.replace(/^ *\d+ {2}\w+ +/, ''))
      .join('\n');
    const [armoured] = /-----BEGIN SSH SIGNATURE-----[^-]+-----END SSH SIGNATURE-----\n/.exec(signature) ?? [];
    writeFileSync(join(folder, 'it.sig'), armoured ?? '');
    writeFileSync(join(folder, 'signers'), `me ${readFileSync(`${key}.pub`, 'utf8')}`);
    const verify = [
      '-Y',
      'verify',
      '-f',
      join(folder, 'signers'),
      '-I',
      'me',
      '-n',
      'test',
      '-s',
      join(folder, 'it.sig'),
    ];
    execFileSync('ssh-keygen', verify, { input: 'said\n' });

    const { Options } = await native(server.client, `/api/v1/builds/${firstUuid(ended.stdout)}`);
    assert.deepEqual(Options, { Secrets: ['tok', 'env'], SshKeys: ['git'] });
    // A cached step needs no secret.
    const without = await slipway([...args, '--no-cache']);
    assert.equal(without.code, 1);
    assert.match(without.stdout, /the secret tok is not set, so its mount is empty: .*--secret id=tok,src=FILE/);
    assert.match(without.stdout, /Reason .*the SSH key git was not given: slipway build --ssh git=KEYFILE/);
    const texts = [canary, 'canary-of-the-environment', readFileSync(key, 'utf8').split('\n')[1] ?? ''];
    for (const text of texts) assert.ok(!ended.stdout.includes(text) && !server.stderr().includes(text));
    const asked = ['-rlaF', ...texts.flatMap((text) => ['-e', text]), server.dataFolder];
    assert.equal(spawnSync('grep', asked).stdout.toString(), '');
  });
});

/** A program with its libraries, and `run` to start it, for a container that has neither. */
function copyProgram(program: string, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const file of [program, ...libraries]) copyFileSync(file, join(folder, basename(file)));
  const loader = libraries.find((file) => /\/ld-linux/.test(file)) ?? '';
  const run = `#!/bin/sh\nexec /ssh/${basename(loader)} --library-path /ssh /ssh/${basename(program)} "$@"\n`;
  writeFileSync(join(folder, 'run'), run, { mode: 0o755 });
}

async function imageConfig(server: TestServer): Promise<{ Labels: Record<string, string> }> {
  const { AccessKeyId, AccessKeySecret, Endpoint } = server.root;
  const address = `docker://${new URL(Endpoint).host}/options/it:1`;
  const options = ['--tls-verify=false', '--creds', `${AccessKeyId}:${AccessKeySecret}`, '--config'];
  const { stdout } = await promisify(execFile)('skopeo', ['inspect', ...options, address]);
  return (JSON.parse(stdout) as { config: { Labels: Record<string, string> } }).config;
}
