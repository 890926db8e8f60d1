import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { HOST_PLATFORM } from '../../server/src/platform/platform.ts';
import { writeBusyboxImage } from '../../server/src/sandbox/testing/busybox-image.ts';
import { fetchBusybox } from '../../server/src/sandbox/testing/foreign-busybox.ts';
import { skipLongReason } from '../../server/src/sandbox/testing/sandbox.ts';
import { bindRepository } from '../support/bound-repository.ts';
import { startGitHost } from '../support/peers/git-host.ts';
import { folderOf } from '../support/queue-build.ts';
import { native, slipway, startServer, summaryValue, type TestServer, temporaryFolder } from '../support/slipway.ts';

const FOREIGN = HOST_PLATFORM === 'linux/arm64' ? 'linux/amd64' : 'linux/arm64';
const MACHINE = FOREIGN === 'linux/arm64' ? 'aarch64' : 'x86_64';
const BOTH = `${HOST_PLATFORM},${FOREIGN}`;

test('builds for several platforms into one index, by a flag or by a rule, and names the platform of each step', {
  skip: skipLongReason,
}, async (t) => {
  const host = await startGitHost(t);
  const server = await startServer(t, { flags: ['--source-url-gitee', host.url, '--allow-addresses', '127.0.0.0/8'] });
  const both = await pushBoth(t, server);
  const build = (lines: string[], ...flags: string[]) => runBuild(t, server, lines, flags);

  const made = await build(
    [`FROM ${both}`, 'ARG TARGETPLATFORM', 'RUN echo "$TARGETPLATFORM on $(uname -m)" | tee /made'],
    '--platform',
    BOTH,
  );
  assert.equal(made.code, 0, made.stdout);
  assert.match(made.stdout, new RegExp(`${FOREIGN} on ${MACHINE}$`, 'm'));
  assert.match(made.stdout, new RegExp(`\\[${FOREIGN}\\] STEP 2/2: RUN`));
  const { Steps } = await native(server.client, `/api/v1/builds/${made.id}/steps`);
  const steps = Steps as { Platform: string; Number: number; NumberCount: number }[];
  assert.deepEqual(
    steps.map((step) => [step.Platform, step.Number, step.NumberCount]).toSorted(),
    [
      [HOST_PLATFORM, 2, 2],
      [FOREIGN, 2, 2],
    ].toSorted(),
  );
  const { ImageDigest } = await native(server.client, `/api/v1/builds/${made.id}`);
  assert.deepEqual(architecturesOf(server, 'local/made', String(ImageDigest)), ['amd64', 'arm64']);

  const crossed = await build(
    [
      `FROM --platform=$BUILDPLATFORM ${both} AS compiler`,
      'ARG TARGETARCH',
      'RUN echo "for $TARGETARCH on $(uname -m)" | tee /program',
      'FROM scratch',
      'COPY --from=compiler /program /',
    ],
    '--platform',
    FOREIGN,
  );
  assert.equal(crossed.code, 0, crossed.stdout);
  assert.doesNotMatch(crossed.stdout, new RegExp(`on ${MACHINE}$|emulation`, 'm'));
  const { ImageDigest: single } = await native(server.client, `/api/v1/builds/${crossed.id}`);
  assert.equal(manifestOf(server, 'local/made', String(single)).manifests, undefined);

  const lacking = await build(['FROM busybox', 'RUN true'], '--platform', FOREIGN);
  assert.equal(lacking.code, 1);
  assert.match(
    lacking.stdout,
    new RegExp(`busybox:latest is not published for platform ${FOREIGN}, only for ${HOST_PLATFORM}`),
  );

  const failed = await build([`FROM ${both}`, `RUN test "$(uname -m)" != ${MACHINE}`], '--platform', BOTH);
  assert.equal(failed.code, 1);
  const { Failure } = await native(server.client, `/api/v1/builds/${failed.id}/card`);
  assert.match((Failure as { Message: string }).Message, new RegExp(`failed with exit code 1 on ${FOREIGN}: RUN test`));

  const unknown = await build([`FROM ${both}`], '--platform', 'linux/mips');
  assert.equal(unknown.code, 2);
  assert.match(
    unknown.stderr,
    /--platform: "linux\/mips" is not a platform that can be built here: linux\/amd64, .*linux\/s390x/,
  );

  host.addRepository('team/app', { Dockerfile: `FROM ${both}\nRUN uname -m\n` });
  const { RepoId, BuildRuleId } = await bindRepository(server, 'GITEE');
  const { client, root } = server;
  const rule = { InstanceId: root.InstanceId, RepoId, BuildRuleId };
  const pushed = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' } as const;
  await client.call('UpdateRepoBuildRule', { ...rule, ...pushed, Platforms: ['linux/amd64', 'linux/arm64'] });
  const env = { SLIPWAY_DATA: server.dataFolder };
  const byRule = await slipway(['rule', 'run', 'team/app', BuildRuleId], { env });
  assert.equal(byRule.code, 0, byRule.stdout + byRule.stderr);
  assert.match(byRule.stdout, new RegExp(` ${MACHINE}$`, 'm'));
  assert.deepEqual(architecturesOf(server, 'team/app', summaryValue(byRule.stdout, 'Digest') ?? ''), [
    'amd64',
    'arm64',
  ]);
});

/**
 * Pushes an image of busybox for this machine's platform and the other one to the server's registry; returns its name.
 */
async function pushBoth(t: TestContext, server: TestServer): Promise<string> {
  const folder = temporaryFolder(t);
  const { AccessKeyId, AccessKeySecret, Endpoint } = server.root;
  const { host } = new URL(Endpoint);
  const layout = join(folder, 'dir');
  const foreign = await fetchBusybox(FOREIGN.replace('linux/', ''));
  const manifests = [HOST_PLATFORM, FOREIGN].map((platform) => {
    const made = join(folder, platform.replace('/', '-'));
    const digest = writeBusyboxImage(made, {}, platform === FOREIGN ? foreign : undefined);
    cpSync(made, layout, { recursive: true });
    const manifest = readFileSync(join(made, 'manifest.json'));
    writeFileSync(join(layout, `${digest.slice('sha256:'.length)}.manifest.json`), manifest);
    const [os, architecture] = platform.split('/');
    return {
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      digest,
      size: manifest.length,
      platform: { os, architecture },
    };
  });
  const mediaType = 'application/vnd.docker.distribution.manifest.list.v2+json';
  writeFileSync(join(layout, 'manifest.json'), JSON.stringify({ schemaVersion: 2, mediaType, manifests }));
  const name = `${host}/local/both:1`;
  // Its repository exists only after its first build.
  assert.equal((await runBuild(t, server, ['FROM scratch', 'COPY Dockerfile /'], [], 'local/both:0')).code, 0);
  execFileSync('skopeo', [
    'copy',
    '--all',
    '--dest-tls-verify=false',
    '--dest-creds',
    `${AccessKeyId}:${AccessKeySecret}`,
    `dir:${layout}`,
    `docker://${name}`,
  ]);
  return name;
}

async function runBuild(t: TestContext, server: TestServer, lines: string[], flags: string[], image = 'local/made:1') {
  const folder = folderOf(t, { Dockerfile: `${lines.join('\n')}\n` });
  const ended = await slipway(['build', folder, '--tag', image, '--data', server.dataFolder, ...flags]);
  return { ...ended, id: /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(ended.stdout + ended.stderr)?.[0] ?? '' };
}

/** Those of an index. */
function architecturesOf(server: TestServer, repository: string, digest: string): string[] {
  const { manifests } = manifestOf(server, repository, digest);
  const architectures = (manifests as { platform: { architecture: string } }[]).map(
    (each) => each.platform.architecture,
  );
  return architectures.toSorted();
}

/** A manifest as the registry gives it to anyone who pulls. */
function manifestOf(server: TestServer, repository: string, digest: string): Record<string, unknown> {
  const { AccessKeyId, AccessKeySecret, Endpoint } = server.root;
  const args = ['inspect', '--raw', '--tls-verify=false', '--creds', `${AccessKeyId}:${AccessKeySecret}`];
  const name = `docker://${new URL(Endpoint).host}/${repository}@${digest}`;
  return JSON.parse(execFileSync('skopeo', [...args, name], { encoding: 'utf8' })) as Record<string, unknown>;
}
