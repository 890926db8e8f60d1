import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { isFinal, readLog, waitForSeal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { native, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const OWN = 'canary-of-the-repository-7f3a91';
const SHARED = 'canary-of-the-instance-5b20c4\nand its second line';
const SHOWING = [
  'FROM busybox',
  'RUN --mount=type=secret,id=own --mount=type=secret,id=shared cat /run/secrets/own; base64 /run/secrets/shared; echo reached the control > /seen',
  'RUN --mount=type=secret,id=absent cat /run/secrets/absent || echo no file; ls /run/secrets || true',
  '',
].join('\n');

test('a secret reaches the steps that mount it, but no layer, log, store or server log, and no other repository', async (t) => {
  const server = await startServer(t, { flags: ['--build-disk-mebibytes', '256'] });
  const { client, dataFolder } = server;
  const secret = (...args: string[]) => slipway(['secret', ...args, '--data', dataFolder]);
  const build = async (image: string) => {
    const key = await queueBuild(t, server, { Dockerfile: SHOWING }, image);
    const status = await waitForStatus(client, key, isFinal);
    await waitForSeal(client, key.BuildRecordId);
    return { status, id: key.BuildRecordId, messages: (await readLog(client, key)).map((line) => line.Message) };
  };
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'own'), OWN);
  const put = (name: string, query: string, fields: object) =>
    client.fetch(`/api/v1/secrets/${name}${query}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
  assert.equal((await put('shared', '', { Value: SHARED })).status, 200);
  const refused = [
    put('own', '?repository=local/mine', { Value: OWN }),
    put('..', '', { Value: OWN }),
    put('short', '', { Value: '12345' }),
    put('empty', '', {}),
    put('more', '', { Value: OWN, Name: 'x' }),
  ];
  assert.deepEqual(
    (await Promise.all(refused)).map((reply) => reply.status),
    [404, 404, 400, 400, 400],
    'no such repository yet, no such path, too short to be masked, no value, an unknown field',
  );

  const other = await build('local/other:latest');
  assert.ok(other.messages.some((message) => message.startsWith('the secret own is not set')));
  assert.ok(other.messages.includes("cat: can't open '/run/secrets/own': No such file or directory"));
  const { InstanceId } = server.root;
  await client.call('CreateRepository', {
    InstanceId,
    RepoNamespaceName: 'local',
    RepoName: 'mine',
    RepoType: 'PRIVATE',
    Summary: 'mine',
  });
  const set = await secret('set', 'own', '--file', join(folder, 'own'), '--repository', 'local/mine');
  assert.deepEqual([set.code, set.stdout], [0, '']);
  const listed = await secret('list', '--repository', 'local/mine');
  assert.equal(listed.stdout, 'own  local/mine\nshared  all repositories\n');

  const mine = await build('local/mine:latest');
  assert.equal(mine.status, 'SUCCESS', mine.messages.join('\n'));
  assert.ok(
    mine.messages.includes(
      'the secret absent is not set, so its mount is empty: slipway secret set absent, or slipway build --secret id=absent,src=FILE',
    ),
  );
  assert.ok(
    mine.messages.some((message) => /^\*\*\*/.test(message)),
    mine.messages.join('\n'),
  );
  assert.ok(mine.messages.includes('no file'), mine.messages.join('\n'));
  const { Seal } = await native(client, `/api/v1/builds/${mine.id}`);
  assert.ok((Seal as { maskedValues: number }).maskedValues >= 1);
  const removal = { method: 'DELETE' };
  assert.equal((await client.fetch('/api/v1/secrets/own?repository=local/mine', removal)).status, 200);
  assert.equal((await client.fetch('/api/v1/secrets/own?repository=local/mine', removal)).status, 404);
  const { Secrets } = await native(client, '/api/v1/secrets?repository=local/mine');
  assert.deepEqual(
    (Secrets as { Name: string }[]).map(({ Name }) => Name),
    ['shared'],
  );
  const forms = [OWN, ...SHARED.split('\n')].flatMap(formsOf);
  assert.equal(await server.stop(), 0);
  const said = [server.stderr(), ...mine.messages, ...other.messages].join('\n');
  assert.deepEqual(
    forms.filter((form) => said.includes(form)),
    [],
  );
  assert.deepEqual(filesWith(dataFolder, forms), []);
  assert.notDeepEqual(filesWith(dataFolder, ['reached the control']), [], 'the search finds what a layer holds');
});

/** The files below a folder that contain one of these, also inside gzip data. */
function filesWith(folder: string, texts: readonly string[]): string[] {
  const found = spawnSync('grep', ['-rlaF', ...texts.flatMap((text) => ['-e', text]), folder]).stdout.toString();
  return [
    ...found.split('\n').filter((path) => path !== ''),
    ...packedFiles(folder).filter((path) => holds(path, texts)),
  ];
}

function holds(path: string, texts: readonly string[]): boolean {
  const content = gunzipSync(readFileSync(path));
  return texts.some((text) => content.includes(text));
}

function packedFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const head = Buffer.alloc(2);
      const file = openSync(path, 'r');
      readSync(file, head);
      closeSync(file);
      return head.readUInt16BE() === 0x1f8b;
    });
}

/** The text itself, and its base64 without the characters that depend on neighbouring bytes. */
function formsOf(text: string): string[] {
  const packed = [0, 1, 2].map((pad) =>
    Buffer.from('x'.repeat(pad) + text)
      .toString('base64')
      .replace(/=+$/, '')
      .slice(4, -4),
  );
  return [text, ...packed];
}
