import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { dataFolder } from '../../server/src/backup/testing/data-folder.ts';
import { startBucket } from '../../server/src/blob/s3/testing/bucket.ts';
import { cleanEnvironment, LAUNCHER, slipway, temporaryFolder } from '../support/slipway.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
const PASSWORD = 'secret-of-the-proxy';

test('the password of a proxy is in no argument of a process while a backup is sent', async (t) => {
  const { bucket, root } = await start(t);
  // To a client, a proxy is a server that is asked for whole addresses.
  const proxy = bucket.endpoint.replace('http://', `http://user:${PASSWORD}@`);
  const seen: string[] = [];
  bucket.onPut = async () => {
    seen.push(...argumentsOfAll());
  };
  const child = backUp(t, root, { HTTP_PROXY: proxy, http_proxy: proxy, AWS_ENDPOINT_URL_S3: 'http://store.example' });
  const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /can read and change backups; use https:\/\/ if the store offers it\n/);
  assert.ok(seen.some((line) => line.includes('folder-command.ts')));
  assert.deepEqual(
    seen.filter((line) => line.includes(PASSWORD)),
    [],
  );
});

test('a backup that a signal ends leaves neither a lock nor a copy of the database, and ends with 130', async (t) => {
  const { bucket, root } = await start(t);
  const folder = temporaryFolder(t);
  let isAsked: () => void;
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve;
  });
  bucket.onPut = async (key) => {
    if (!key.includes('/objects/')) return;
    isAsked();
    // A store that does not answer.
    await new Promise(() => undefined);
  };
  const child = backUp(t, root, { AWS_ENDPOINT_URL_S3: bucket.endpoint, TMPDIR: folder });
  const ended = Promise.all([once(child, 'close'), text(child.stderr)]);
  await Promise.race([asked, ended]);
  assert.equal([...bucket.objects.keys()].filter((key) => key.includes('/running/')).length, 1);
  assert.match(readdirSync(folder).join(), /slipway-backup-scratch-/);
  child.kill('SIGTERM');
  const [[code], stderr] = await ended;
  assert.deepEqual([code, stderr], [130, '']);
  assert.deepEqual(readdirSync(folder), []);
  assert.deepEqual([...bucket.objects.keys()], []);
});

test('with --json an error is one document on standard error, as from every other command', async (t) => {
  const ended = await slipway(['backup', 'verify', join(temporaryFolder(t), 'nothing'), '--json']);
  const { Message, ...error } = JSON.parse(ended.stderr);
  assert.deepEqual([ended.code, ended.stdout, error], [2, '', { Code: 'InvalidCommandLine', ExitCode: 2 }]);
  assert.match(Message, /there is no backup/);
});

test('what checks or restores a .tar file without the backup that it builds on is told about --since', async (t) => {
  const { root } = await dataFolder(t);
  const folder = temporaryFolder(t);
  const [full, later] = [join(folder, 'full.tar'), join(folder, 'later.tar')];
  await slipway(['backup', full, '--data', root]);
  await slipway(['backup', later, '--since', full, '--data', root]);
  const verified = await slipway(['backup', 'verify', later]);
  assert.equal(verified.code, 4);
  assert.match(verified.stderr, /made with --since, give the same --since/);
});

async function start(t: TestContext) {
  const { root } = await dataFolder(t);
  return { root, bucket: await startBucket(t) };
}

function backUp(t: TestContext, root: string, env: Record<string, string>) {
  const child = spawn(LAUNCHER, ['backup', 's3://backups/place', '--data', root], {
    env: cleanEnvironment({ TMPDIR: tmpdir(), ...KEYS, ...env }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** The command lines of all processes of this machine. */
function argumentsOfAll(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        // It ended meanwhile.
        return '';
      }
    });
}
