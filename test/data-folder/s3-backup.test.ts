import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { contentOf, dataFolder } from '../../server/src/backup/testing/data-folder.ts';
import { UNFINISHED } from '../../server/src/backup/unfinished-restore.ts';
import { backUpToBucket, largeFolder } from '../support/peers/backup-to-bucket.ts';
import { makeAuthority } from '../support/peers/certificates.ts';
import { startFaultProxy } from '../support/peers/fault-proxy.ts';
import { startProxy } from '../support/peers/proxy.ts';
import { type SwiftStore, startSwift } from '../support/peers/swift-store.ts';
import { cleanEnvironment, ROOT, slipway, temporaryFolder } from '../support/slipway.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1' && process.getuid?.() === 0;
const skip = isLong ? false : 'starts OpenStack Swift: runs as root in the longer tier';
const KILLS = 20;
const BUCKET = 'backups';
const PROGRAM = join(ROOT, 'server', 'src', 'data-folder', 'folder-command.ts');

let swift: SwiftStore;
/** What killed backups leave of the database. */
let scratch = '';

if (isLong) {
  swift = await startSwift({ after });
  scratch = temporaryFolder({ after });
  await swift.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
}

/** A command with the store's keys in its environment. */
function run(args: string[], env: Record<string, string> = {}, endpoint = swift.endpoint) {
  return slipway([...args, '--s3-endpoint', endpoint], { env: { ...swift.keys, ...env } });
}

test('a backup in a bucket is made, listed, verified, thinned out and restored, and the second one is small', {
  skip,
}, async (t) => {
  await backUpToBucket(t, run, `s3://${BUCKET}/first`, await largeFolder(t));
});

test('backups and restores killed at 20 random moments: what they leave looks like none, and the next one continues', {
  skip,
}, async (t) => {
  const { root } = await largeFolder(t);
  const s3 = { endpoint: swift.endpoint, region: 'us-east-1', keysFile: swift.keysFile, pathStyle: true };
  const options = { data: root, place: `s3://${BUCKET}/killed`, since: [], s3, withSecretsKey: true, json: true };
  const wholeMs = (await killed('backup', { ...options, place: `s3://${BUCKET}/whole` })).tookMs;
  let whole = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    await killed('backup', options, Math.random() * wholeMs);
    const list = await run(['backup', 'list', options.place, '--json']);
    const count = list.stdout.split('\n').filter((line) => line !== '').length;
    assert.ok(count >= whole && count <= whole + 1, `after kill ${kill}: ${list.stdout}`);
    whole = count;
  }
  const made = await killed('backup', options);
  assert.deepEqual(JSON.parse(made.stdout).Problems, []);
  const verified = await run(['backup', 'verify', options.place, '--json']);
  assert.equal(verified.code, 0, verified.stdout);
  const copy = join(temporaryFolder(t), 'copy');
  for (let kill = 0; kill < KILLS; kill += 1) {
    await killed('restore', { ...options, data: copy }, Math.random() * wholeMs);
    // One that came to its end is made again.
    if (existsSync(copy) && !existsSync(join(copy, UNFINISHED))) rmSync(copy, { recursive: true });
  }
  const restored = await run(['restore', options.place, '--data', copy]);
  assert.equal(restored.code, 0, restored.stderr);
  for (const [path, content] of contentOf(join(root, 'registry')))
    assert.equal(contentOf(join(copy, 'registry')).get(path), content, path);
});

test('wrong keys, bucket, endpoint, region and place are named with the setting and the fix', { skip }, async (t) => {
  const { root } = await dataFolder(t);
  const place = `s3://${BUCKET}/settings`;
  const closed = 'http://127.0.0.1:9';
  const keys = join(temporaryFolder(t), 'keys');
  writeFileSync(keys, '[default]\naws_access_key_id = nobody:nobody\naws_secret_access_key = x\n');
  const backup = (to: string, more: string[] = [], env = {}, endpoint?: string) =>
    run(['backup', to, '--data', root, ...more], env, endpoint);
  const wrong: [given: ReturnType<typeof backup>, code: number, message: RegExp][] = [
    [backup(place, [], { AWS_SECRET_ACCESS_KEY: 'wrong' }), 2, /AWS_SECRET_ACCESS_KEY/],
    [backup(place, ['--s3-keys', keys]), 2, /--s3-keys/],
    [backup(place, ['--s3-keys', '/nothing/here']), 2, /--s3-keys, \/nothing\/here, cannot be read/],
    [backup('s3://no-such-bucket/x'), 2, /has no bucket no-such-bucket; create it, or check its name/],
    [backup(place, [], {}, closed), 4, /127\.0\.0\.1:9 cannot be reached.*ECONNREFUSED.*--s3-endpoint/],
    [backup(place, [], {}, 'http://no-such-host.invalid'), 2, /host of .* is not known.*--s3-endpoint/],
    [backup(place, [], {}, swift.endpoint.replace('http:', 'https:')), 2, /check http or https.*--s3-endpoint/],
    [backup('s3://B/x'), 2, /not of the form s3:\/\/BUCKET\/PREFIX/],
  ];
  for (const [given, code, message] of wrong) {
    const ended = await given;
    assert.match(ended.stderr, message);
    assert.doesNotMatch(ended.stderr, /\n.*\n.*\n/, 'one sentence');
    assert.equal(ended.code, code, ended.stderr);
  }
});

test('a wrong clock of this machine is corrected by that of the store', { skip }, async (t) => {
  const { root } = await dataFolder(t);
  const skewed = join(temporaryFolder(t), 'clock.mjs');
  writeFileSync(
    skewed,
    'const now = Date.now; Date.now = () => now() - 3_600_000; const D = Date; globalThis.Date = class extends D { constructor(...a) { a.length === 0 ? super(D.now()) : super(...a); } };\n',
  );
  const made = await run(['backup', `s3://${BUCKET}/clock`, '--data', root], { NODE_OPTIONS: `--import ${skewed}` });
  assert.equal(made.code, 0, made.stderr);
});

test('a bucket is reached through the proxy of the environment, and with a private certificate authority', {
  skip,
}, async (t) => {
  const { root } = await dataFolder(t);
  const folder = temporaryFolder(t);
  const authority = makeAuthority(folder);
  const files = authority.issue('127.0.0.1', 'store.example');
  const tls = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  const front = await startFaultProxy(t, swift.endpoint, tls);
  const proxy = await startProxy(t);
  const { port } = new URL(front.url);
  const given = [`s3://${BUCKET}/private`, '--data', root];
  const env = { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NO_PROXY: '', no_proxy: '' };
  const refused = await run(['backup', ...given], env, `https://store.example:${port}`);
  assert.match(refused.stderr, /certificate of https:\/\/store\.example:\d+ is not trusted.*--ca-file/);
  assert.equal(refused.code, 2);
  const made = await run(
    ['--ca-file', authority.certificate, 'backup', ...given],
    env,
    `https://store.example:${port}`,
  );
  assert.equal(made.code, 0, made.stderr);
  assert.ok(proxy.asked.includes(`CONNECT store.example:${port}`), proxy.asked.join());
});

/** Runs a command on files, and kills it after a time. */
async function killed(command: string, options: object, afterMs?: number) {
  const beganMs = performance.now();
  const child = spawn(process.execPath, [PROGRAM, command], {
    env: cleanEnvironment({ TMPDIR: scratch }),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => undefined).end(JSON.stringify(options));
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  if (afterMs === undefined) assert.equal(code, 0, command);
  return { stdout, tookMs: performance.now() - beganMs };
}
