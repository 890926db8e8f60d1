import assert from 'node:assert/strict';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import type { Client as Postgres } from 'pg';
import { callNative } from '../../client/src/call-native.ts';
import { postgresFolder } from '../../server/src/db/testing/postgres-server.ts';
import { type BuildKey, isFinal, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { assertBuilds, assertNothingLeft } from '../support/lost-build.ts';
import { type PausingServer, startPausing } from '../support/pausing-server.ts';
import { type FaultProxy, startFaultProxy } from '../support/peers/fault-proxy.ts';
import { type Stores, startStores } from '../support/peers/start-stores.ts';
import { queueBuild } from '../support/queue-build.ts';
import { ShownBuilds } from '../support/shown-builds.ts';
import { atEnd, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1' || process.getuid?.() !== 0
    ? 'stops servers on PostgreSQL and OpenStack Swift: runs as root with SLIPWAY_TEST_LONG=1'
    : postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';

const TICKING = 'FROM busybox\nRUN i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo "tick $i"; sleep 0.1; done\n';
const QUICK = 'FROM scratch\nCOPY Dockerfile /\n';

/** A place at which the process that runs a build is stopped until another server has ended the build. */
interface Pause {
  name: string;
  Dockerfile: string;
  /** Stops it there. Returns what holds something back, if anything does. */
  pause(first: PausingServer, build: () => Promise<BuildKey>): Promise<{ key: BuildKey; release?(): void }>;
  /** How the taker ends the build. */
  ends: 'FAILED' | 'SUCCESS';
}

function atStatement(at: 'statement.before' | 'statement.after', statement: string): Pause['pause'] {
  return async (first, build) => {
    first.stopAt({ at, statement, count: 1 });
    const key = await build();
    await first.paused();
    return { key };
  };
}

function atAppend(at: 'append.beforeWrite' | 'append.afterSync'): Pause['pause'] {
  return async (first, build) => {
    const key = await build();
    await waitForLine(first.client, key, 'tick 5');
    first.stopAt({ at, count: 1 });
    await first.paused();
    return { key };
  };
}

/** Holds back what distribution writes when it has got the manifest. */
function atManifest(held: FaultProxy): Pause['pause'] {
  return async (first, build) => {
    const arrived = Promise.withResolvers<void>();
    const until = Promise.withResolvers<void>();
    held.plan = ({ method, url = '' }) => {
      if (method !== 'PUT' || !url.includes('/_manifests/revisions/')) return undefined;
      arrived.resolve();
      return { until: until.promise };
    };
    const key = await build();
    await arrived.promise;
    first.pause();
    await first.paused();
    return { key, release: until.resolve };
  };
}

const scope = { after };
let stores: Stores;
let admin: Postgres;
/** In front of the store for the server that is stopped. */
let held: FaultProxy;
const folders = { first: '', taker: '' };
if (skip === false) {
  stores = await startStores(scope);
  held = await startFaultProxy(scope, stores.proxy.url);
  admin = await stores.postgres.connect('slipway', 'test');
  atEnd(scope, () => admin.end());
  folders.first = join(temporaryFolder(scope), 'data');
  folders.taker = join(temporaryFolder(scope), 'data');
}

const PAUSES: Pause[] = [
  { name: 'before it appends lines', Dockerfile: TICKING, pause: atAppend('append.beforeWrite'), ends: 'FAILED' },
  { name: 'when it has written lines', Dockerfile: TICKING, pause: atAppend('append.afterSync'), ends: 'FAILED' },
  {
    name: 'before its push',
    Dockerfile: QUICK,
    pause: atStatement('statement.before', '^insert into "manifest_push"'),
    ends: 'FAILED',
  },
  {
    name: 'inside skopeo, while its manifest is held back',
    Dockerfile: QUICK,
    pause: (...given) => atManifest(held)(...given),
    ends: 'FAILED',
  },
  {
    name: 'inside skopeo, when the registry has its manifest',
    Dockerfile: QUICK,
    pause: atStatement('statement.before', '^delete from "manifest_push"'),
    ends: 'SUCCESS',
  },
  {
    name: 'inside skopeo, when its tag is set',
    Dockerfile: QUICK,
    pause: atStatement('statement.before', '^insert into "tag"'),
    ends: 'SUCCESS',
  },
  {
    name: 'before its end',
    Dockerfile: QUICK,
    pause: atStatement('statement.before', '^update "build_record" set "status" = \\$1, "ended_ms"'),
    ends: 'SUCCESS',
  },
  {
    name: 'when its end is written, but not committed',
    Dockerfile: QUICK,
    pause: atStatement('statement.after', '^update "build_record" set "status" = \\$1, "ended_ms"'),
    ends: 'SUCCESS',
  },
];

for (const { name, Dockerfile, pause, ends } of PAUSES)
  test(`a server is stopped ${name}, another takes over, and the first goes on: tag and status are set once, and shown lines stay`, {
    skip,
  }, async (t) => {
    const flags = stores.flags.map((flag) => (flag === stores.proxy.url ? held.url : flag));
    const first = await startPausing(t, { flags, dataFolder: folders.first });
    const image = `local/test:${randomTag()}`;
    const watching = new AbortController();
    const shown = new ShownBuilds();
    let build = shown.add({ InstanceId: '', RepoId: '', BuildRecordId: '' });
    let following = Promise.resolve();
    const { key, release } = await pause(first, async () => {
      const queued = await queueBuild(t, first, { Dockerfile }, image);
      build = shown.add(queued);
      following = shown.follow(first.client, build, watching.signal);
      return queued;
    });

    await endSessions(first);
    await endLease(key);
    const taker = await startTaker(t, first);
    assert.equal(await waitForStatus(taker.client, key, isFinal), ends);
    const before = await effects(taker, key, image);
    assert.equal(before.Digest === undefined, ends === 'FAILED');

    release?.();
    const ended = once(first.child, 'close');
    first.resume();
    assert.deepEqual(await ended, [4, null], first.stderr());
    assert.match(first.stderr(), /FATAL the server node-\w{16} on \S+ uses the database/);
    watching.abort();
    await following;
    assert.deepEqual(await effects(taker, key, image), before);
    await assertBuilds(t, taker);
    assert.deepEqual(await effects(taker, key, image), before);
    assert.equal(await taker.stop(), 0);

    const again = await startServer(t, { flags: stores.flags, dataFolder: folders.first });
    assert.ok(build.lines.length > 2);
    await shown.look(again.client, build, 0);
    assert.equal(build.status, ends);
    assert.deepEqual(await effects(again, key, image), before);
    await assertNothingLeft(again, key);
    await again.stop();
  });

let tags = 0;
function randomTag(): string {
  tags += 1;
  return `tag-${tags}`;
}

/** As docs/fleet.md says for a server that hangs. */
async function endSessions({ dataFolder }: TestServer): Promise<void> {
  const { NodeId } = JSON.parse(readFileSync(join(dataFolder, 'node.json'), 'utf8'));
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%${NodeId}%'`);
}

/** As if the server had been stopped for longer than a lease. */
async function endLease({ BuildRecordId }: BuildKey): Promise<void> {
  await admin.query('update build_record set lease_until_ms = $1 where build_record_id = $2', [
    Date.now() - 60_000,
    BuildRecordId,
  ]);
}

function startTaker(t: TestContext, first: TestServer): Promise<TestServer> {
  mkdirSync(folders.taker, { recursive: true });
  copyFileSync(join(first.dataFolder, 'secret.key'), join(folders.taker, 'secret.key'));
  return startServer(t, { flags: stores.flags, dataFolder: folders.taker });
}

/** All that a build has changed, but its log. */
async function effects({ client }: TestServer, { BuildRecordId: id, ...repository }: BuildKey, image: string) {
  // Another server cannot read the log.
  const { RequestId: _, LineCount: __, Seal: ___, ...record } = await callNative(client, 'getBuild', { id });
  const tag = image.replace(/^.*:/, '');
  const { Images = [] } = await client.call('ListRepoTag', repository);
  const tagged = Images.filter((each) => each.Tag === tag);
  const { rows } = await admin.query(
    'select kind, body from event where body like $1 or body like $2 order by sequence',
    [`%${id}%`, `%"tag":"${tag}"%`],
  );
  const pushes = await admin.query('select * from manifest_push where build_record_id = $1', [id]);
  return { record, tagged, events: rows, pushes: pushes.rows, Digest: tagged[0]?.Digest };
}
