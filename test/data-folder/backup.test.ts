import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { listFolder } from '../../server/src/backup/object-folder.ts';
import { UNFINISHED } from '../../server/src/backup/unfinished-restore.ts';
import { vendorClients } from '../support/api/vendor-clients.ts';
import { pullWhole, pushSmallImage, smallImage } from '../support/images/small-image.ts';
import { type BuildKey, isFinal, readLogWith, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import {
  cleanEnvironment,
  pairOf,
  ROOT,
  type RootFile,
  slipway,
  startServer,
  type TestServer,
  temporaryFolder,
} from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'kills backups and restores: runs in the longer tier';
const KILLS = 20;
const REPOSITORY = 'team/pushed';
const PROGRAM = join(ROOT, 'server', 'src', 'data-folder', 'folder-command.ts');
const TALKING = 'FROM busybox\nRUN i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo line $i; sleep 0.05; done\n';

test('backups and restores killed at 20 random moments: what they leave looks like none, and in the end the copy is the original, line by line and digest by digest', {
  skip,
}, async (t) => {
  const server = await startServer(t);
  const { dataFolder: data } = server;
  const ended = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN seq 1 2000\n' });
  assert.equal(await waitForStatus(server.client, ended, isFinal), 'SUCCESS');
  await makeRepository(server);
  const digests = new Map<string, string>();
  for (let at = 0; at < 10; at += 1) digests.set(`v${at}`, await push(server, `v${at}`));
  const running = await queueBuild(t, server, { Dockerfile: TALKING });
  while ((await linesOf(server.root, running)).length < 30) await sleep(100);

  const folder = temporaryFolder(t);
  for (const form of ['backups', 'backup.tar']) {
    const place = join(folder, form);
    const options = { data, place, since: [], withSecretsKey: true, json: false };
    const wholeMs = await killed('backup', { ...options, place: join(folder, `first-${form}`) });
    let whole = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      await killed('backup', options, Math.random() * wholeMs);
      const found = backupsAt(place);
      assert.ok(found >= whole && found <= whole + 1, `${form} after kill ${kill}`);
      whole = found;
      if (whole > 0) assert.equal((await slipway(['backup', 'verify', place])).code, 0, `${form} after kill ${kill}`);
    }
    const made = await slipway(['backup', place, '--data', data, '--with-secrets-key', '--json']);
    assert.equal(made.code, 0, made.stderr);
    assert.deepEqual((JSON.parse(made.stdout) as { Problems: string[] }).Problems, []);
    const verified = await slipway(['backup', 'verify', place, '--json']);
    assert.equal(verified.code, 0, verified.stdout);
  }
  const linesThen = await linesOf(server.root, running);
  const lines = await linesOf(server.root, ended);

  const copy = join(folder, 'copy');
  const options = { data: copy, place: join(folder, 'backups'), since: [], json: false };
  const wholeMs = await killed('restore', { ...options, data: join(folder, 'first-copy') });
  for (let kill = 0; kill < KILLS; kill += 1) {
    await killed('restore', options, Math.random() * wholeMs);
    if (!existsSync(copy) || existsSync(join(copy, UNFINISHED))) continue;
    // It was done, or had not begun.
    if (readdirSync(copy).length > 0) rmSync(copy, { recursive: true });
  }
  await killed('restore', options, wholeMs / 2);
  if (existsSync(join(copy, UNFINISHED))) {
    const refused = await slipway(['call', 'ListInstance', '--data', copy]);
    assert.equal(refused.code, 4);
    assert.match(refused.stderr, /not fully restored/);
  }
  if (!existsSync(copy) || existsSync(join(copy, UNFINISHED)))
    assert.equal((await slipway(['restore', options.place, '--data', copy])).code, 0);
  const restored = await startServer(t, { dataFolder: copy });
  assert.notEqual(restored.root.Endpoint, server.root.Endpoint);
  assert.equal(restored.root.InstanceId, server.root.InstanceId);
  assert.deepEqual(await linesOf(restored.root, ended), lines);
  for (const [tag, digest] of digests) assert.equal(await pullWhole(loginTo(restored), REPOSITORY, tag), digest);
  const copied = await linesOf(restored.root, running);
  const kept = copied.filter(({ Message }) => /^line \d+$/.test(Message));
  assert.ok(kept.length >= 1);
  assert.deepEqual(copied.slice(0, 20), linesThen.slice(0, 20));
  assert.equal(await waitForStatus(restored.client, running, isFinal), 'FAILED');
  for (const command of [['check'], ['log', 'verify', '--all']])
    assert.equal((await slipway([...command, '--data', copy])).code, 0, command.join(' '));
  // The original goes on, untouched.
  const before = (await linesOf(server.root, running)).length;
  while ((await linesOf(server.root, running)).length <= before) await sleep(100);
});

test('an older database beside newer logs and images, and logs that are gone, give verdicts and no faults', {
  skip,
}, async (t) => {
  const server = await startServer(t);
  const { dataFolder: data, client } = server;
  await makeRepository(server);
  await push(server, 'old');
  const first = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo first\n' });
  assert.equal(await waitForStatus(client, first, isFinal), 'SUCCESS');
  const open = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN sleep 8; echo open\n' });
  while ((await linesOf(server.root, open)).length < 2) await sleep(50);
  const place = join(temporaryFolder(t), 'backups');
  assert.equal((await slipway(['backup', place, '--data', data])).code, 0);
  assert.equal(await waitForStatus(client, open, isFinal), 'SUCCESS');
  const later = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo later\n' });
  assert.equal(await waitForStatus(client, later, isFinal), 'SUCCESS');
  await push(server, 'new');
  const { InstanceId } = server.root;
  const { RepoId = '' } = await client.call('GetRepository', {
    InstanceId,
    RepoNamespaceName: 'team',
    RepoName: 'pushed',
  });
  await client.call('DeleteRepoTag', { InstanceId, RepoId, Tag: 'old' });
  const collected = await slipway(['gc', '--keep-hours', '0', '--data', data]);
  assert.equal(collected.code, 0, collected.stderr);
  await server.stop();
  const copy = join(temporaryFolder(t), 'copy');
  assert.equal((await slipway(['restore', place, '--data', copy])).code, 0);
  for (const name of readdirSync(join(data, 'db')))
    if (name.startsWith('slipway.sqlite')) rmSync(join(data, 'db', name));
  cpSync(join(copy, 'db', 'slipway.sqlite'), join(data, 'db', 'slipway.sqlite'));
  rmSync(join(data, 'logs', first.BuildRecordId.slice(0, 2), first.BuildRecordId), { recursive: true });

  const again = await startServer(t, { dataFolder: data });
  const { client: older } = again;
  const statusOf = async (key: BuildKey) =>
    older.call('ListRepoBuildRecordLog', { ...key }).then(
      () => 200,
      (error: { status?: number }) => error.status ?? 0,
    );
  // Its log ended well; the database did not hear of it, and says that its server ended.
  assert.equal(await waitForStatus(older, open, isFinal), 'FAILED');
  assert.equal(await statusOf(open), 200);
  assert.equal(await statusOf(later), 404, 'the database has no such build');
  for (const { BuildRecordId: id } of [first, open])
    for (const path of ['', '/log', '/log/seal', '/log/sections', '/log/text', '/card', '/steps', '/diff']) {
      const status = await older.fetch(`/api/v1/builds/${id}${path}`).then(
        (answer) => answer.status,
        (error: { status?: number }) => error.status ?? 0,
      );
      assert.ok(
        status >= 200 && status < 500,
        `${path} of ${id === first.BuildRecordId ? 'a lost' : 'a sealed'} log: ${status}`,
      );
    }
  const pull = (reference: string) =>
    pullWhole(loginTo(again), REPOSITORY, reference).then(
      (digest) => (digest === undefined ? 404 : 200),
      (error: { status?: number }) => error.status ?? 0,
    );
  assert.equal(await pull('old'), 404, 'its bytes are gone');
  assert.equal(await pull('new'), 404, 'the database does not know it');
  const differences = await slipway(['check', '--data', data]);
  assert.equal(differences.code, 1);
  assert.match(differences.stdout, /has no bytes/);
  const logs = await slipway(['log', 'verify', '--all', '--data', data]);
  assert.ok(!/SystemError/.test(logs.stderr), logs.stderr);
  await push(again, 'old');
  assert.equal(await pull('old'), 200);
  const built = await queueBuild(t, again, { Dockerfile: 'FROM busybox\nRUN echo again\n' });
  assert.equal(await waitForStatus(older, built, isFinal), 'SUCCESS');
  assert.doesNotMatch(again.stderr(), /SystemError/);
});

/** Runs a command on files, and kills it after a time; returns how long it ran. */
async function killed(command: string, options: object, afterMs?: number): Promise<number> {
  const beganMs = performance.now();
  const child = spawn(process.execPath, [PROGRAM, command], {
    env: cleanEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => undefined).end(JSON.stringify(options));
  const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  if (afterMs === undefined) assert.equal(code, 0, command);
  return performance.now() - beganMs;
}

/** How many whole backups are at a place. */
function backupsAt(place: string): number {
  if (!existsSync(place)) return 0;
  return statSync(place).isDirectory() ? listFolder(place).filter(({ manifest }) => manifest !== undefined).length : 1;
}

async function makeRepository({ client, root: { InstanceId } }: TestServer): Promise<void> {
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  await client.call('CreateRepository', {
    InstanceId,
    RepoNamespaceName: 'team',
    RepoName: 'pushed',
    RepoType: 'PRIVATE',
    Summary: 's',
  });
}

/** Every line of a log, as one of the vendor's clients reads it. */
function linesOf(root: RootFile, key: BuildKey) {
  const [client] = vendorClients({ host: new URL(root.Endpoint).host, ...pairOf(root) });
  assert.ok(client);
  return readLogWith(client, key);
}

/** Pushes an image with a layer of random bytes; returns its digest. */
async function push(server: TestServer, tag: string): Promise<string> {
  const image = smallImage(randomBytes(2 ** 20), tag);
  await pushSmallImage(loginTo(server), REPOSITORY, tag, image);
  return image.digest;
}

function loginTo({ root }: TestServer) {
  return { endpoint: root.Endpoint, ...pairOf(root) };
}
