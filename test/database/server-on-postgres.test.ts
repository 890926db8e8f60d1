import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiCallError } from '../../client/src/api-call-error.ts';
import { postgresFolder } from '../../server/src/db/testing/postgres-server.ts';
import { type BuildKey, isFinal, readLog, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { startStores } from '../support/peers/start-stores.ts';
import { queueBuild } from '../support/queue-build.ts';
import { slipway, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1'
    ? 'stops PostgreSQL for longer than a lease: runs with SLIPWAY_TEST_LONG=1'
    : postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';

/** Longer than the lease of a build, and than the time after which another server takes a build over. */
const OUTAGE_MS = 80_000;
const TICKS = 400;
const TICKING = `FROM busybox\nRUN i=0; while [ $i -lt ${TICKS} ]; do i=$((i+1)); echo "tick $i"; sleep 0.25; done\n`;

test('a second server on one database, and one with another secrets key, refuse to start and say why', {
  skip,
}, async (t) => {
  const { flags } = await startStores(t);
  const api = [...flags, '--no-builds'];
  const first = await startServer(t, { flags: api });
  const data = join(temporaryFolder(t), 'data');
  const start = () => slipway(['serve', ...api, '--data', data, '--listen', '127.0.0.1:0']);
  const second = await start();
  assert.equal(second.code, 4);
  assert.match(
    second.stderr,
    /^slipway: the server node-\w{16} on \S+ uses the database, since 20\S+Z, and only one server can; stop that one, or give this one another database$/m,
  );
  const before = await first.client.call('ListInstance', {});
  assert.equal(await first.stop(), 0);
  const other = await start();
  assert.equal(other.code, 4);
  assert.match(
    other.stderr,
    /^slipway: the key in \S+secret\.key is not the one that the secrets in the database were .* as docs\/fleet\.md says/m,
  );
  const again = await startServer(t, { flags: api, dataFolder: first.dataFolder });
  const after = await again.client.call('ListInstance', {});
  assert.deepEqual(after.Instances, before.Instances);
  await again.kill();
  await startServer(t, { flags: api, dataFolder: first.dataFolder });
});

test('a server whose connection was taken by another one ends at once, and a data folder keeps to its database', {
  skip,
}, async (t) => {
  const { postgres, flags } = await startStores(t);
  const api = [...flags, '--no-builds'];
  const server = await startServer(t, { flags: api });
  const ended = new Promise<number | null>((resolve) => server.child.once('close', resolve));
  const thief = await postgres.connect('slipway', 'slipway node-x other');
  await thief.query(`do $$ begin
    perform pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = 1 and granted;
    perform pg_advisory_lock(1936484720, 1);
  end $$`);
  assert.equal(await ended, 4);
  assert.match(server.stderr(), /FATAL the server node-x on other uses the database/);
  await thief.end();
  const { code, stderr } = await slipway(['serve', '--no-builds', '--data', server.dataFolder]);
  assert.equal(code, 4);
  assert.match(
    stderr,
    /^slipway: the records of the data folder \S+ are in postgres\S+; set database and bucket as before/m,
  );
});

test('PostgreSQL crashes and is away for longer than a lease: no shown line is lost, calls are 503, and the build ends well', {
  skip,
}, async (t) => {
  const { postgres, flags } = await startStores(t);
  const server = await startServer(t, { flags });
  const key = await queueBuild(t, server, { Dockerfile: TICKING });
  const shown = await waitForLine(server.client, key, 'tick 5');
  let most = shown.length;
  const answers = new Map<number, number>();
  const doors = await doorsOf(server, key);
  const endMs = Date.now() + OUTAGE_MS;
  await postgres.crash();
  const look = async () => {
    try {
      const { TotalCount = 0 } = await server.client.call('ListRepoBuildRecordLog', { ...key, Offset: 0 });
      assert.ok(Number(TotalCount) >= most, `${TotalCount} lines after ${most}`);
      most = Number(TotalCount);
      count(answers, 200);
    } catch (error) {
      if (!(error instanceof ApiCallError)) throw error;
      count(answers, error.status);
    }
  };
  while (Date.now() < endMs) {
    await look();
    for (const [door, ask] of Object.entries(doors)) {
      const { status, headers } = await ask();
      assert.equal(status, 503, door);
      assert.ok(door === 'readiness' || headers.has('retry-after'), door);
      count(answers, status);
    }
    await sleep(500);
  }
  await postgres.start();
  await waitForReady(server.root.Endpoint);
  // The first call finds that PostgreSQL has lost its nonces. It is 503, and so is what else is signed in that second.
  await look();
  await sleep(1000);
  for (const [door, ask] of Object.entries(doors)) assert.ok((await ask()).status < 500, door);
  await look();
  assert.equal(await waitForStatus(server.client, key, isFinal), 'SUCCESS');
  const lines = await readLog(server.client, key);
  assert.deepEqual(lines.slice(0, shown.length), shown);
  assert.equal(lines.filter(({ Message }) => /^\S* *tick \d+$/.test(Message)).length, TICKS);
  t.diagnostic(JSON.stringify([...answers]));
  assert.ok((answers.get(503) ?? 0) > 50);
  const printed = server
    .stderr()
    .split('\n')
    .filter((line) => / (WARN|ERROR|FATAL) /.test(line));
  assert.ok(printed.length < 20, printed.join('\n'));
});

/** Requests that need the database, by the part of the server that answers them. */
async function doorsOf({ root, client }: TestServer, key: BuildKey): Promise<Record<string, () => Promise<Response>>> {
  const { Endpoint, AccessKeyId, AccessKeySecret } = root;
  const basic = { authorization: `Basic ${Buffer.from(`${AccessKeyId}:${AccessKeySecret}`).toString('base64')}` };
  const challenge = (await fetch(`${Endpoint}/v2/`)).headers.get('www-authenticate') ?? '';
  const service = /service="([^"]+)"/.exec(challenge)?.[1] ?? '';
  const tokenUrl = `${Endpoint}/token?${new URLSearchParams({ service, scope: 'repository:local/test:pull' })}`;
  const { token } = (await (await fetch(tokenUrl, { headers: basic })).json()) as { token: string };
  const bearer = { authorization: `Bearer ${token}` };
  return {
    readiness: () => fetch(`${Endpoint}/readyz`),
    metrics: () => fetch(`${Endpoint}/metrics`),
    'native API': () => client.fetch(`/api/v1/builds/${key.BuildRecordId}`),
    'sign-in of the console': () =>
      fetch(`${Endpoint}/api/v1/session/password`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: Endpoint },
        body: JSON.stringify({ UserName: 'somebody', Password: 'of some kind' }),
      }),
    // The owner's key needs no look into the database.
    'registry token': () => fetch(tokenUrl, { headers: { authorization: `Basic ${btoa('a key:of a user')}` } }),
    'registry tags': () => fetch(`${Endpoint}/v2/local/test/tags/list`, { headers: bearer }),
    'registry manifest': () => fetch(`${Endpoint}/v2/local/test/manifests/latest`, { headers: bearer }),
    hook: () => fetch(`${Endpoint}/hooks/${'0'.repeat(32)}`, { method: 'POST', body: '{}' }),
    chart: () => fetch(`${Endpoint}/chart/local/test/index.yaml`, { headers: basic }),
  };
}

test('a server that is told to stop while PostgreSQL is away ends, and its next start ends the build', {
  skip,
}, async (t) => {
  const { postgres, flags } = await startStores(t);
  const server = await startServer(t, { flags: [...flags, '--drain-seconds', '1'] });
  const key = await queueBuild(t, server, { Dockerfile: TICKING });
  const shown = await waitForLine(server.client, key, 'tick 5');
  await postgres.crash();
  assert.equal(await server.stop(), 0);
  await postgres.start();
  const again = await startServer(t, { flags, dataFolder: server.dataFolder });
  assert.equal(await waitForStatus(again.client, key, isFinal), 'FAILED');
  assert.deepEqual((await readLog(again.client, key)).slice(0, shown.length), shown);
});

function count(answers: Map<number, number>, status: number): void {
  answers.set(status, (answers.get(status) ?? 0) + 1);
}

async function waitForReady(endpoint: string): Promise<void> {
  while ((await fetch(`${endpoint}/readyz`)).status !== 200) await sleep(100);
}
