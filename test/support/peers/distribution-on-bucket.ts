import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { MANIFEST_TYPES } from '../../../server/src/registry/distribution/child-registry.ts';
import { temporaryFolder } from '../slipway.ts';
import { freePort } from './free-port.ts';
import type { SwiftStore } from './swift-store.ts';

const PROGRAM = 'docker-registry';
const READY_TRIES = 100;

/** Reads every manifest and layer that files of a registry link, through distribution on a bucket. Returns how many there are. */
export async function assertImages(
  t: TestContext,
  { swift, bucket, prefix }: { swift: SwiftStore; bucket: string; prefix: string },
  paths: Iterable<string>,
): Promise<number> {
  const port = await freePort();
  const config = join(temporaryFolder(t), 'config.yml');
  const { AWS_ACCESS_KEY_ID: accesskey, AWS_SECRET_ACCESS_KEY: secretkey } = swift.keys;
  const s3 = {
    accesskey,
    secretkey,
    region: 'us-east-1',
    regionendpoint: swift.endpoint,
    bucket,
    secure: false,
  };
  const storage = { s3: { ...s3, v4auth: true, rootdirectory: `/${prefix}` }, redirect: { disable: true } };
  writeFileSync(config, JSON.stringify({ version: '0.1', storage, http: { addr: `127.0.0.1:${port}` } }));
  const child = spawn(PROGRAM, ['serve', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/bin:/bin' },
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    told += part;
  });
  t.after(() => child.kill());
  const url = `http://127.0.0.1:${port}/v2/`;
  const isReady = () =>
    fetch(url)
      .then(({ ok }) => ok)
      .catch(() => false);
  for (let tries = 0; !(await isReady()); tries += 1) {
    if (tries === READY_TRIES || child.exitCode !== null) throw new Error(`the registry did not start: ${told}`);
    await sleep(100);
  }
  let count = 0;
  for (const path of paths) {
    const [, repository, part, hex] =
      /\/repositories\/(.+)\/_(layers|manifests\/revisions)\/sha256\/([0-9a-f]{64})\/link$/.exec(path) ?? [];
    if (hex === undefined) continue;
    count += 1;
    const kind = part === 'layers' ? 'blobs' : 'manifests';
    const answer = await fetch(`${url}${repository}/${kind}/sha256:${hex}`, { headers: { accept: MANIFEST_TYPES } });
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(createHash('sha256').update(bytes).digest('hex'), hex, `${path}: ${answer.status}`);
  }
  return count;
}
