import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxProcesses } from '../support/leftovers.ts';
import { type BuildKey, isFinal, readLog, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { assertNothingLeft } from '../support/lost-build.ts';
import { deltaBomb, endlessPack, startPackHost } from '../support/peers/pack-host.ts';
import { queueArchiveBuild, queueBuild, queueGitBuild } from '../support/queue-build.ts';
import { slipway, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'unpacks 200,000 files: runs with SLIPWAY_TEST_LONG=1';

const FLAGS = Object.entries({
  'allow-addresses': '127.0.0.0/8',
  'build-disk-mebibytes': '256',
  'build-memory-mebibytes': '256',
  'source-limit-mebibytes': '128',
  'concurrent-builds': '4',
}).flatMap(([name, value]) => [`--${name}`, value]);

test('a delta bomb, an endless pack and an archive of empty files make their build fail at its own limits, and another build continues', {
  skip,
}, async (t) => {
  // Made before the hosts run in the same process.
  const archive = archiveOfEmptyFiles(210_000);
  const server = await startServer(t, { flags: FLAGS });
  const neighbour = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN sleep 600 || echo went on\n' });
  await waitForLine(server.client, neighbour, 'RUN sleep');
  const [bombHost, endlessHost] = [await startPackHost(t, deltaBomb(2 ** 30)), await startPackHost(t, endlessPack())];
  const files = await queueArchiveBuild(server, archive);
  const [bomb, endless] = [await queueGitBuild(server, bombHost), await queueGitBuild(server, endlessHost)];
  const hostile: [key: BuildKey, programs: RegExp, reason: RegExp][] = [
    [files, /^tar /, /^the source has more than 200000 files, which is the limit$/],
    [
      bomb,
      /^\S*git .*index-pack/,
      /^fetching the source needed more memory than its limit of 256 MiB \(setting build-memory-mebibytes\)$/,
    ],
    [
      endless,
      /^\S*git .*index-pack/,
      /^the source is larger than 134217728 bytes, which is the limit \(setting source-limit-mebibytes\)$/,
    ],
  ];
  await Promise.all(hostile.map(([key, programs, reason]) => assertEnds(server, key, programs, reason)));
  const [sleeping] = sandboxProcesses(neighbour.BuildRecordId, 'sleep 600');
  process.kill(sleeping ?? 0, 'SIGTERM');
  assert.equal(await waitForStatus(server.client, neighbour, isFinal), 'SUCCESS', await textOf(server, neighbour));
  for (const [key] of hostile) await assertNothingLeft(server, key);
  await assertNothingLeft(server, neighbour);
});

test('a folder and a base image of this registry that are larger than a build may be are refused, with the reason', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'large'), randomBytes(300 * 2 ** 20));
  const server = await startServer(t, { flags: FLAGS });
  // The answer arrives while the folder is still being sent.
  const sent = await slipway(['build', folder, '--data', server.dataFolder]);
  assert.match(sent.stderr, /^slipway: SOURCE_TOO_LARGE: The source is larger than 134217728 bytes\./);
  const importImage = async (name: string, sizeBytes: number) => {
    writeFileSync(join(folder, name), randomBytes(sizeBytes));
    const archive = join(folder, `${name}.tar`);
    execFileSync('tar', ['-C', folder, '-cf', archive, name]);
    const ended = await slipway(['image', 'import', archive, name, '--data', server.dataFolder]);
    assert.equal(ended.code, 0, ended.stderr);
  };
  await importImage('large', 300 * 2 ** 20);
  const image = `${new URL(server.root.Endpoint).host}/library/large:latest`;
  const key = await queueBuild(t, server, { Dockerfile: `FROM ${image}\nRUN true\n` });
  await assertEnds(
    server,
    key,
    /^skopeo /,
    /^the base image \S+library\/large:latest is larger than its limit of 256 MiB \(setting build-disk-mebibytes\)$/,
  );
  await assertNothingLeft(server, key);
  // Each one alone is small enough.
  for (const name of ['one', 'two']) await importImage(name, 140 * 2 ** 20);
  const both = await queueBuild(t, server, { Dockerfile: 'FROM one\nCOPY --from=two /two /\n' });
  await assertEnds(
    server,
    both,
    /^skopeo /,
    /^the base images of the build are larger than its limit of 256 MiB \(setting build-disk-mebibytes\)$/,
  );
  await assertNothingLeft(server, both);
});

/** Holds that programs of a build are in its control group, and that it ends with a reason. */
async function assertEnds(server: TestServer, key: BuildKey, programs: RegExp, reason: RegExp): Promise<void> {
  let seen = false;
  let status = '';
  while (!isFinal(status)) {
    seen ||= sandboxProcesses(key.BuildRecordId, programs).length > 0;
    await sleep(10);
    ({ BuildStatus: status = '' } = await server.client.call('GetRepoBuildRecordStatus', key));
  }
  assert.equal(status, 'FAILED');
  const lines = await readLog(server.client, key);
  assert.match(lines.at(-2)?.Message ?? '', reason, await textOf(server, key));
  assert.ok(seen, `none of its programs was seen in the control group: ${programs}`);
}

/** Each file takes 512 bytes of the archive, and only an inode on the disk. */
function archiveOfEmptyFiles(count: number): Buffer {
  const headers = Array.from({ length: count }, (_, at) => header(`${at % 100}-${at}`));
  return Buffer.concat([...headers, Buffer.alloc(1024)]);
}

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06 */
function header(name: string): Buffer {
  const block = Buffer.alloc(512);
  const fields: [offset: number, text: string][] = [
    [0, name],
    [100, '0000644\0'],
    [108, '0000000\0'],
    [116, '0000000\0'],
    [124, '00000000000\0'],
    [136, '00000000000\0'],
    [148, '        '],
    [156, '0'],
    [257, 'ustar\x0000'],
  ];
  for (const [offset, text] of fields) block.write(text, offset, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

async function textOf(server: TestServer, key: BuildKey): Promise<string> {
  return (await readLog(server.client, key)).map((line) => line.Message).join('\n');
}
