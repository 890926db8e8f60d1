import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { freePort } from '../support/peers/free-port.ts';
import { atEnd, cleanEnvironment, type Scope, temporaryFolder, textOf } from '../support/slipway.ts';
import { pythonPackages } from './pinned.ts';

/** A real S3 server of others: SeaweedFS. */
export interface SeaweedStore {
  readonly endpoint: string;
  readonly keys: { readonly AWS_ACCESS_KEY_ID: string; readonly AWS_SECRET_ACCESS_KEY: string };
  /** A file with the keys, in AWS's form. */
  readonly keysFile: string;
  readonly client: S3Client;
}

const ACCESS_KEY = { accessKeyId: 'slipway-key', secretAccessKey: 'slipway-secret' };
const PARTS = ['master', 'volume', 'filer', 's3'] as const;
/** It reports how it is used to its makers, makes buckets that nobody created, and waits before it ends, unless told not to. */
const QUIET = [
  '-master.telemetry=false',
  '-s3.autoCreateBucket=false',
  '-volume.preStopSeconds=0',
  '-s3.port.iceberg=0',
  '-s3.port.lance=0',
];

/** Starts it on loopback until the test ends; undefined if it is not available here, and then the test was skipped with the reason. */
export async function startSeaweed(t: Scope & Pick<TestContext, 'skip'>): Promise<SeaweedStore | undefined> {
  const packages = await pythonPackages(t, 'seaweedfs');
  if (packages === undefined) return undefined;
  const folder = temporaryFolder(t);
  const config = join(folder, 's3.json');
  const { accessKeyId: accessKey, secretAccessKey: secretKey } = ACCESS_KEY;
  const actions = ['Admin', 'Read', 'Write', 'List'];
  writeFileSync(
    config,
    JSON.stringify({ identities: [{ name: 'slipway', credentials: [{ accessKey, secretKey }], actions }] }),
  );
  const ports = await Promise.all(PARTS.map(async (part) => [part, await freePort(), await freePort()] as const));
  const listen = ports.flatMap(([part, port, grpc]) => [`-${part}.port=${port}`, `-${part}.port.grpc=${grpc}`]);
  const sockets = ['filer', 's3'].map((part) => `-${part}.localSocket=${join(folder, part)}.sock`);
  const small = ['-volume.max=20', '-master.volumeSizeLimitMB=64'];
  const args = ['server', `-dir=${folder}`, '-ip=127.0.0.1', '-filer', '-s3', `-s3.config=${config}`];
  const child = spawn(join(packages, 'bin', 'weed'), [...args, ...listen, ...sockets, ...small, ...QUIET], {
    env: cleanEnvironment({ HOME: folder }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = textOf(child);
  const ended = once(child, 'close');
  atEnd(t, async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const endpoint = `http://127.0.0.1:${ports.find(([part]) => part === 's3')?.[1]}`;
  while ((await fetch(`${endpoint}/status`).catch(() => undefined))?.ok !== true) {
    if (child.exitCode !== null) throw new Error(`SeaweedFS ended: ${printed.stderr.slice(-2000)}`);
    await sleep(100);
  }
  const keysFile = join(folder, 'credentials');
  const keys = { AWS_ACCESS_KEY_ID: accessKey, AWS_SECRET_ACCESS_KEY: secretKey };
  writeFileSync(keysFile, `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`);
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: ACCESS_KEY });
  atEnd(t, () => client.destroy());
  return { endpoint, keys, keysFile, client };
}
