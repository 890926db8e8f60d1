import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { callNative } from '../../client/src/call-native.ts';
import { findLeftovers, processes } from './leftovers.ts';
import { type BuildKey, isFinal, readLog, waitForStatus } from './log-reader.ts';
import { queueBuild } from './queue-build.ts';
import type { PrintedLine, TestServer } from './slipway.ts';

/**
 * Checks that a build ended by a killed process is FAILED with a reason, and that its log is sealed as partial with
 * every line that was shown.
 */
export async function assertLost(
  server: TestServer,
  key: BuildKey,
  shown: readonly PrintedLine[],
  reason: string,
  stage: 'fetch' | 'build' | 'push' = 'build',
): Promise<void> {
  const record = await sealedRecord(server, key);
  assert.equal(record.Status, 'FAILED');
  assert.ok(record.Failure?.Message.startsWith(reason), record.Failure?.Message);
  assert.equal(record.Failure?.Fault, 'machine');
  assert.equal(record.Seal?.verdict, 'partial');
  const lines = await readLog(server.client, key);
  assert.deepEqual(lines.slice(0, shown.length), shown);
  assert.deepEqual(
    lines.map((line) => line.LineNumber),
    lines.map((_, index) => index + 1),
  );
  const [last, closing] = lines.slice(-2);
  assert.ok(last?.Message.startsWith(reason), last?.Message);
  assert.match(closing?.Message ?? '', new RegExp(`^${stage} stage failed after \\d+\\.\\d\\d s$`));
}

/** Checks that a build ended by a killed process after its push is a SUCCESS, whose partial log says why, and that its image pulls. */
export async function assertPushed(
  server: TestServer,
  key: BuildKey,
  image: string,
  shown: readonly PrintedLine[],
): Promise<void> {
  const { Status, Seal, Failure, ImageDigest = '' } = await sealedRecord(server, key);
  assert.deepEqual([Status, Seal?.verdict, Failure], ['SUCCESS', 'partial', undefined]);
  const lines = await readLog(server.client, key);
  assert.deepEqual(lines.slice(0, shown.length), shown);
  const [reason, closing] = lines.slice(-2).map(({ Message }) => Message);
  assert.equal(reason, `the server ended while the build ran, after it had pushed its image, digest ${ImageDigest}`);
  assert.match(closing ?? '', /^push stage end after \d+\.\d\d s$/);
  const { AccessKeyId, AccessKeySecret, Endpoint } = server.root;
  const from = ['--creds', `${AccessKeyId}:${AccessKeySecret}`, `docker://${new URL(Endpoint).host}/${image}`];
  const { stdout } = await promisify(execFile)('skopeo', ['inspect', '--tls-verify=false', ...from]);
  assert.equal((JSON.parse(stdout) as { Digest: string }).Digest, ImageDigest);
}

async function sealedRecord({ client }: TestServer, key: BuildKey) {
  for (;;) {
    const record = await callNative(client, 'getBuild', { id: key.BuildRecordId });
    if (record.Seal) return record;
    await sleep(20);
  }
}

/** The helper may take a moment to restart and clean up; anything left after two minutes is a leftover. */
export async function assertNothingLeft(server: TestServer, key: BuildKey): Promise<void> {
  let left: string[] = [];
  for (let tries = 0; tries < 1200; tries++) {
    left = await findLeftovers(server.dataFolder, key.BuildRecordId);
    if (left.length === 0) return;
    await sleep(100);
  }
  assert.deepEqual(left, []);
}

/** Checks that the server still builds. */
export async function assertBuilds(t: TestContext, server: TestServer): Promise<void> {
  const next = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo still here\n' });
  const status = await waitForStatus(server.client, next, isFinal);
  assert.equal(status, 'SUCCESS', JSON.stringify(await readLog(server.client, next), null, 1));
}

/** The current process id of a server's sandbox helper. */
export function helperOf({ dataFolder }: TestServer): number {
  return found(
    ({ cmdline }) =>
      cmdline.includes('sandbox/helper/privileged-server.ts') && cmdline.includes(dataFolder) && !/^sh /.test(cmdline),
  );
}

/** The process id of a server's registry. */
export function registryOf({ child }: TestServer): number {
  return found(({ pid, cmdline }) => cmdline.startsWith('docker-registry serve ') && parentOf(pid) === child.pid);
}

function found(isWanted: (process: { pid: number; cmdline: string }) => boolean): number {
  const process = processes().find(isWanted);
  assert.ok(process, 'the process is not running');
  return process.pid;
}

/** The parent of a process. */
export function parentOf(pid: number): number {
  return Number(/^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
