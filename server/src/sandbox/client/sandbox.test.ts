import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { HOST_PLATFORM } from '#platform/platform.ts';
import { RefusedRequest } from '../protocol/request.ts';
import {
  listSandboxProcesses,
  loadBusybox,
  plainBuild,
  readOutput,
  runToEnd,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
  TEST_OWNER,
} from '../testing/sandbox.ts';

const THREE_STEPS = {
  Dockerfile:
    'FROM busybox\nCOPY secret.txt /secret.txt\nRUN cat /secret.txt && stat -c "mode %a of %u" /secret.txt && echo made > /made\nCMD ["cat", "/made"]\n',
  'secret.txt': 'read by the build\n',
};

/** The arguments and environment of a process as other processes see them; empty once it is gone. */
function seenOf(pid: number): string {
  const files = [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`];
  return spawnSync('cat', files).stdout.toString();
}

describe('a build in the sandbox', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  test('leaves the owner an image folder, from a source of mode 0600', async () => {
    const request = under.prepare(THREE_STEPS);
    const { outcome, output } = await runToEnd(under.sandbox, request);
    const expected = { exitCode: 0, phase: 'done', reason: 'exited', oomKills: 0, pidsMaxEvents: 0 };
    assert.deepEqual(outcome, { ...expected, cacheUsed: true, refused: [] }, output);
    assert.match(output, /^STEP 1\/3: COPY secret\.txt \/secret\.txt\n/);
    assert.match(output, /^read by the build\nmode 600 of 0$/m);
    const image = join(under.dataFolder, 'work', request.buildId, 'out', 'img');
    const manifest = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8'));
    assert.equal(manifest.mediaType, 'application/vnd.docker.distribution.manifest.v2+json');
    assert.equal(statSync(join(image, manifest.config.digest.slice('sha256:'.length))).uid, TEST_OWNER.uid);
    await under.sandbox.cleanUp(request.buildId);
    assert.ok(!existsSync(join(under.dataFolder, 'work', request.buildId)));
    assert.deepEqual(under.leftovers(), []);
  });

  test('reports with which status a RUN failed, also one that looks like a signal', async () => {
    const seven = await under.build({ Dockerfile: 'FROM busybox\nRUN echo before; exit 7\n' });
    assert.deepEqual([seven.outcome.reason, seven.outcome.exitCode, seven.outcome.phase], ['exited', 1, 'build']);
    assert.match(seven.output, /^before\n(.|\n)*exit code: 7$/m);
    const killed = await under.build({ Dockerfile: 'FROM busybox\nRUN exit 137\n' });
    assert.equal(killed.outcome.reason, 'exited');
    assert.match(killed.output, /exit code: 137$/m);
  });

  test('keeps the order of lines that a RUN writes alternately to stdout and stderr', async () => {
    const script = 'i=0; while [ $i -lt 2000 ]; do echo out-$i; echo err-$i >&2; i=$((i+1)); done';
    const { output } = await under.build({ Dockerfile: `FROM busybox\nRUN ${script}\n` });
    const lines = output.split('\n').filter((line) => /^(out|err)-\d+$/.test(line));
    const expected = Array.from({ length: 2000 }, (_, at) => [`out-${at}`, `err-${at}`]).flat();
    assert.deepEqual(lines, expected);
  });

  test('reuses the layers of the previous build, only in the same repository', async () => {
    const repositoryId = `repository-${randomUUID()}`;
    const first = await under.build(THREE_STEPS, { repositoryId });
    const second = await under.build(THREE_STEPS, { repositoryId });
    const without = await under.build(THREE_STEPS, { repositoryId, cache: false });
    const elsewhere = await under.build(THREE_STEPS);
    assert.doesNotMatch(first.output, /^CACHED /m);
    assert.match(second.output, /^CACHED /m);
    assert.doesNotMatch(without.output, /^CACHED /m);
    assert.equal(without.outcome.cacheUsed, false);
    assert.doesNotMatch(elsewhere.output, /^CACHED /m);
  });

  test('drops a store that was not unmounted, as after a power cut', { skip: skipLongReason }, async () => {
    const repositoryId = `repository-${randomUUID()}`;
    await under.build(THREE_STEPS, { repositoryId });
    const store = join(under.dataFolder, 'sandbox', 'stores', repositoryId, 'store.img');
    const cancellation = new AbortController();
    // A copy of the image while it is mounted is what a power cut leaves.
    await under.sandbox.runBuild(
      under.prepare({ Dockerfile: 'FROM busybox\nRUN echo started; sleep 600\n' }, { repositoryId }),
      {
        ...readOutput((text) => {
          if (text !== 'started\n') return;
          execFileSync('cp', ['--sparse=always', store, `${store}.copy`]);
          cancellation.abort();
        }),
        signal: cancellation.signal,
      },
    );
    assert.match((await under.build(THREE_STEPS, { repositoryId })).output, /^CACHED /m);
    renameSync(`${store}.copy`, store);
    const { outcome, output } = await under.build(THREE_STEPS, { repositoryId });
    assert.equal(outcome.phase, 'done', output);
    assert.doesNotMatch(output, /^CACHED /m);
  });

  test('runs beside another build of its repository, without the cache that the other one holds', async () => {
    const repositoryId = `repository-${randomUUID()}`;
    const both = await Promise.all([
      under.build(THREE_STEPS, { repositoryId }),
      under.build(THREE_STEPS, { repositoryId }),
    ]);
    assert.deepEqual(
      both.map(({ outcome }) => outcome.phase),
      ['done', 'done'],
    );
    assert.deepEqual(both.map(({ outcome }) => outcome.cacheUsed).sort(), [false, true]);
  });

  test('keeps a cache mount for the next build of its repository', { skip: skipLongReason }, async () => {
    const Dockerfile =
      'FROM busybox\nARG N\nRUN --mount=type=cache,target=/cache echo $N >> /cache/seen; tr "\\n" " " < /cache/seen\n';
    const repositoryId = `repository-${randomUUID()}`;
    await under.build({ Dockerfile }, { repositoryId, buildArgs: { N: 'one' } });
    const { output } = await under.build({ Dockerfile }, { repositoryId, buildArgs: { N: 'two' } });
    assert.match(output, /^one two /m);
    const elsewhere = await under.build({ Dockerfile }, { buildArgs: { N: 'three' } });
    assert.match(elsewhere.output, /^three /m);
  });

  test('passes build arguments unchanged, and stops at the target', async () => {
    const Dockerfile = 'FROM busybox AS first\nARG GIVEN\nRUN echo "[$GIVEN]"\nFROM first\nRUN echo not this\n';
    const value = `a 'b' "c" $D; \\ é`;
    const { outcome, output } = await under.build({ Dockerfile }, { buildArgs: { GIVEN: value }, target: 'first' });
    assert.equal(outcome.phase, 'done', output);
    assert.ok(output.includes(`\n[${value}]\n`), output);
    assert.doesNotMatch(output, /^not this$/m);
  });

  test('shows secrets only to the steps that mount them, as requested, on no disk and in no process’s arguments or environment', async () => {
    const value = `canary-${randomUUID()}\nits second line\n`;
    const canary = value.slice(0, 40);
    const Dockerfile = [
      'FROM busybox',
      'RUN --mount=type=secret,id=a.b,uid=7,mode=0440 ls -ln /run/secrets; md5sum < /run/secrets/a.b; cat /run/secrets/a.b',
      'RUN --mount=type=secret,id=c,target=/x/y [ "$(cat /x/y)" = other-secret ] && echo given; ls -A /run/secrets 2>/dev/null; echo shown; sleep 600',
    ].join('\n');
    // A small disk, since the full disks of other builds would take long to search.
    const limits = { ...plainBuild(under.base).limits, diskBytes: 128 * 2 ** 20 };
    const request = under.prepare({ Dockerfile }, { limits, secrets: { 'a.b': value, c: 'other-secret' } });
    const places = ['work', 'sandbox/run', `sandbox/stores/${request.repositoryId}`];
    const stop = new AbortController();
    let output = '';
    const end = under.sandbox.runBuild(request, {
      signal: stop.signal,
      ...readOutput((text) => {
        output += text;
        if (/^shown$/m.test(output)) stop.abort(look());
      }),
    });
    let found: string[] = ['not looked'];
    const look = (): void => {
      const listed = spawnSync('grep', ['-rlaF', canary, ...places.map((place) => join(under.dataFolder, place))]);
      assert.equal(listed.stderr.toString(), '', 'each place is there');
      found = listed.stdout
        .toString()
        .split('\n')
        .filter((path) => path !== '');
      for (const { pid } of listSandboxProcesses(under.dataFolder)) {
        if (seenOf(pid).includes(canary)) found.push(`process ${pid}`);
      }
    };
    assert.equal((await end).reason, 'cancelled', output);
    assert.match(output, /^-r--r----- +1 7 +0 +60 .* a\.b$/m);
    assert.ok(output.includes(createHash('md5').update(value).digest('hex')), output);
    assert.match(output, /^given\nshown$/m);
    assert.ok(output.includes(canary), 'a step printed it');
    assert.deepEqual(found, []);
    // The builder's record of a build's output was not cleared.
    const [, , store = ''] = places.map((place) => join(under.dataFolder, place));
    const others = ['--exclude=store.img', '-r', join(under.dataFolder, 'sandbox')];
    for (const where of [[join(store, 'store.img')], others]) {
      const kept = spawnSync('grep', ['-laF', canary, ...where]);
      assert.equal(kept.stdout.toString() + kept.stderr.toString(), '');
    }
  });

  test('runs the ONBUILD steps of its base and keeps HEALTHCHECK', async () => {
    // The builder ignores the case of field names.
    const onBuild = { onbuild: ['RUN echo from the base', 'LABEL "é"=\'\\\\\'\n'] };
    const base = await loadBusybox(under.sandbox, under.dataFolder, onBuild, 'docker.io/library/parent:latest');
    assert.deepEqual((await under.sandbox.findBase(base.scope, base.digest))?.onBuild, onBuild.onbuild);
    const Dockerfile = 'FROM parent\nHEALTHCHECK CMD true\n';
    const request = under.prepare({ Dockerfile }, { bases: [base] });
    const { output } = await runToEnd(under.sandbox, request);
    assert.match(output, /^from the base$/m);
    const image = join(under.dataFolder, 'work', request.buildId, 'out', 'img');
    const { config } = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8'));
    const written = JSON.parse(readFileSync(join(image, config.digest.slice('sha256:'.length)), 'utf8'));
    assert.deepEqual(written.config.Healthcheck.Test, ['CMD-SHELL', 'true']);
  });

  test('gives steps the operator’s environment and authorities, and keeps both out of the image', async () => {
    const value = 'http://mirror/"a\\b&c#$HOME';
    const Dockerfile = 'FROM busybox\nENV OVER=image\nRUN env; cat $SSL_CERT_FILE; touch /done\n';
    const environment = { PIP_INDEX_URL: value, OVER: 'operator', http_proxy: 'http://proxy:1' };
    const request = under.prepare({ Dockerfile }, { environment, authorities: 'a private authority\n' });
    const { output, outcome } = await runToEnd(under.sandbox, request);
    assert.equal(outcome.exitCode, 0, output);
    const lines = output.split('\n');
    for (const line of [`PIP_INDEX_URL=${value}`, 'OVER=image', 'http_proxy=http://proxy:1', 'a private authority'])
      assert.ok(lines.includes(line), output);
    const image = join(under.dataFolder, 'work', request.buildId, 'out', 'img');
    const { config, layers } = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8'));
    const text = readFileSync(join(image, config.digest.slice('sha256:'.length)), 'utf8');
    assert.ok(!/mirror|proxy:1|authorities/.test(text), text);
    const { digest } = layers.at(-1);
    const listed = execFileSync('tar', ['-tzf', join(image, digest.slice('sha256:'.length))], { encoding: 'utf8' });
    assert.ok(listed.includes('done') && !/authorities|environment/.test(listed), listed);
  });

  test('identifies a base by its scope and digest, and loads it once', async () => {
    assert.deepEqual((await under.sandbox.findBase(under.base.scope, under.base.digest))?.onBuild, []);
    assert.equal(await under.sandbox.findBase('elsewhere', under.base.digest), undefined);
    assert.deepEqual(await loadBusybox(under.sandbox, under.dataFolder), under.base);
  });

  test('takes no image that the server did not decide on, however a Dockerfile names it', async () => {
    const named = [
      '#!x\n# syntax=reg.example/x:1\nFROM scratch\nCOPY Dockerfile /\n',
      '// syntax=reg.example/x:1\nFROM scratch\nCOPY Dockerfile /\n',
      'FROM busybox AS a\nONBUILD COPY --from=reg.example/x:1 /a /\nFROM a\nRUN true\n',
    ];
    for (const Dockerfile of named) {
      const { outcome, output } = await under.build({ Dockerfile });
      assert.equal(outcome.exitCode, 1, output);
      assert.match(output, /source "docker-image:\/\/reg\.example\/x:1" denied by policy/);
    }
  });

  test('refuses what it cannot build before anything runs, and says why', async () => {
    const Dockerfile = 'FROM busybox\n';
    const missing = { name: 'busybox', scope: 'test', digest: `sha256:${'0'.repeat(64)}` };
    const cases: [Parameters<SandboxUnderTest['build']>, string][] = [
      [[{}], 'no-dockerfile'],
      [[{ 'other/file': '' }, { dockerfile: 'other' }], 'no-dockerfile'],
      [[{ Dockerfile }, { dockerfile: '../Dockerfile' }], 'bad-request'],
      [[{ Dockerfile }, { dockerfile: '/etc/passwd' }], 'bad-request'],
      [[{ Dockerfile }, { bases: [missing] }], 'no-base'],
      [[{ Dockerfile }, { platforms: ['windows/amd64'] }], 'platform'],
      [[{ Dockerfile }, { repositoryId: '../x' }], 'bad-request'],
    ];
    for (const [given, code] of cases) {
      await assert.rejects(
        under.build(...given),
        (error) => error instanceof RefusedRequest && error.code === code,
        code,
      );
    }
    assert.deepEqual(under.leftovers(), []);
  });

  test('finds no problem on a machine where builds work', async () => {
    for (const build of [false, true]) {
      const { ok, problems, platforms } = await under.sandbox.check({ build });
      assert.deepEqual([ok, problems], [true, []]);
      assert.ok(platforms.native.includes(HOST_PLATFORM));
    }
    assert.deepEqual(under.leftovers(), []);
  });
});
