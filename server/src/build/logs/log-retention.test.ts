import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { insertBuildRecordUnderTest } from '../testing/insert-build-record.ts';
import { type LogLimits, markLogExpired } from './expired-log-store.ts';
import { LogRetention } from './log-retention.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 10, 12);

test('after its retention time a log is gone: ListRepoBuildRecordLog answers BUILD_LOG_EXPIRED with the date, and the record stays', async () => {
  await using builds = await startBuilds();
  const [old, young] = [await builds.add('one'), await builds.add('one', { endedMs: START_MS + DAY_MS })];
  const days = { keepMs: 7 * DAY_MS };
  await builds.sweep(days, START_MS + 7 * DAY_MS);
  assert.equal((await builds.read(old)).status, 200);
  await builds.sweep(days, START_MS + 7 * DAY_MS + 1);
  const { status, body } = await builds.read(old);
  assert.deepEqual([status, body.Code], [404, 'BUILD_LOG_EXPIRED']);
  assert.equal(body.Message, `The log of build record ${old.buildRecordId} expired on 2026-01-17.`);
  assert.equal((await builds.read(young)).body.TotalCount, '3');
  const ids = { InstanceId: builds.gateway.instanceId, RepoId: old.repoId, BuildRecordId: old.buildRecordId };
  assert.equal((await owner(builds.gateway, 'GetRepoBuildRecordStatus', ids)).BuildStatus, 'SUCCESS');
  assert.equal(await builds.gateway.means.logbook.reach(old.buildRecordId), undefined);
  assert.deepEqual(builds.reports, []);
});

test('keeps the newest logs of each repository and as many in total as fit, and never touches a running log', async () => {
  await using builds = await startBuilds();
  const one = [await builds.add('one'), await builds.add('one'), await builds.add('one')];
  const running = await builds.add('one', { isRunning: true });
  const two = [await builds.add('two'), await builds.add('two')];
  const kept = async () => {
    const statuses = [];
    for (const build of [...one, running, ...two]) statuses.push((await builds.read(build)).status);
    return statuses.map((status) => (status === 200 ? 'kept' : 'gone')).join(' ');
  };
  await builds.sweep({ perRepository: 2 });
  assert.equal(await kept(), 'gone kept kept kept kept kept');
  const archiveBytes = (await builds.gateway.means.logbook.reach(two[1]?.buildRecordId ?? ''))?.seal?.archiveBytes ?? 0;
  await builds.sweep({ totalBytes: Math.floor(archiveBytes * 3.5) });
  assert.equal(await kept(), 'gone gone kept kept kept kept');
  await builds.sweep({ totalBytes: 1 });
  assert.equal(await kept(), 'gone gone gone kept gone gone');
  assert.deepEqual(builds.reports, []);
});

test('without limits every log is kept, and logs that an earlier process marked but did not remove are removed', async () => {
  await using builds = await startBuilds();
  const [marked, other] = [await builds.add('one'), await builds.add('one')];
  await builds.sweep({ keepMs: DAY_MS * 1000 });
  await markLogExpired(builds.gateway.means.db, marked.buildRecordId, START_MS, { seal: {}, card: {} });
  assert.equal((await builds.read(marked)).body.Code, 'BUILD_LOG_EXPIRED');
  assert.notEqual(await builds.gateway.means.logbook.reach(marked.buildRecordId), undefined);
  await builds.sweep({}, START_MS + DAY_MS * 10_000);
  assert.equal(await builds.gateway.means.logbook.reach(marked.buildRecordId), undefined);
  assert.equal((await builds.read(other)).body.TotalCount, '3');
});

test('a log whose build ended without sealing it is sealed by a later sweep', async () => {
  await using builds = await startBuilds();
  const { db, logbook } = builds.gateway.means;
  const [machine, source] = [
    await builds.add('one', { isRunning: true }),
    await builds.add('one', { isRunning: true }),
  ];
  for (const [{ buildRecordId }, fault] of [
    [machine, 'machine'],
    [source, 'source'],
  ] as const) {
    const end = { status: 'FAILED', ended_ms: START_MS, failure: JSON.stringify({ fault, message: 'a reason' }) };
    await db.updateTable('build_record').set(end).where('build_record_id', '=', buildRecordId).execute();
  }
  await builds.sweep({}, START_MS + 1000);
  assert.equal((await logbook.reach(source.buildRecordId))?.sealed, false);
  await builds.sweep({});
  assert.equal((await logbook.reach(source.buildRecordId))?.seal?.verdict, 'complete');
  const { verdict, reason } = (await logbook.reach(machine.buildRecordId))?.seal ?? {};
  assert.deepEqual([verdict, reason], ['partial', 'a reason']);
  assert.deepEqual(builds.reports, []);
});

test('a log that cannot be processed is reported and does not block the others', async () => {
  await using builds = await startBuilds();
  const [broken, sound] = [await builds.add('one'), await builds.add('one')];
  await builds.sweep({ keepMs: DAY_MS }, START_MS + 2 * DAY_MS, (id) => id === broken.buildRecordId);
  assert.equal((await builds.read(broken)).status, 200);
  assert.equal((await builds.read(sound)).body.Code, 'BUILD_LOG_EXPIRED');
  assert.deepEqual(builds.reports, [`the log of build ${broken.buildRecordId} could not be swept`]);
});

interface Build {
  repoId: string;
  buildRecordId: string;
}

interface Builds extends AsyncDisposable {
  gateway: GatewayUnderTest;
  reports: string[];
  /** Adds a build with a log of three lines, sealed unless it runs. */
  add(repository: string, shape?: { endedMs?: number; isRunning?: boolean }): Promise<Build>;
  read(build: Build): ReturnType<typeof callAs>;
  sweep(limits: LogLimits, nowMs?: number, fails?: (id: string) => boolean): Promise<void>;
}

async function startBuilds(): Promise<Builds> {
  const gateway = await startGatewayUnderTest();
  const { means, instanceId: InstanceId } = gateway;
  const { db, logbook } = means;
  const reports: string[] = [];
  const repoIds = new Map<string, string>();
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'ns' });
  for (const RepoName of ['one', 'two']) {
    const params = { InstanceId, RepoNamespaceName: 'ns', RepoName, RepoType: 'PRIVATE', Summary: 's' };
    repoIds.set(RepoName, (await owner(gateway, 'CreateRepository', params)).RepoId);
  }
  return {
    gateway,
    reports,
    add: async (repository, { endedMs = START_MS, isRunning = false } = {}) => {
      const build = { repoId: repoIds.get(repository) ?? '', buildRecordId: randomUUID() };
      await insertBuildRecordUnderTest(db, { ...build, instanceId: InstanceId, createdMs: START_MS });
      const writer = await logbook.create(build.buildRecordId);
      for (const line of ['header', 'fetch stage begin', 'end']) await writer.line(line);
      await writer.committed();
      if (isRunning) return build;
      await writer.seal({ verdict: 'complete' });
      const end = { status: 'SUCCESS', ended_ms: endedMs };
      await db.updateTable('build_record').set(end).where('build_record_id', '=', build.buildRecordId).execute();
      return build;
    },
    read: ({ repoId, buildRecordId }) =>
      callAs(gateway, gateway, 'ListRepoBuildRecordLog', { InstanceId, RepoId: repoId, BuildRecordId: buildRecordId }),
    sweep: (limits, nowMs = START_MS + 120_000, fails = () => false) => {
      const cardOf = async ({ buildRecordId }: Build) => {
        if (fails(buildRecordId)) throw new Error('its card cannot be built');
        return {};
      };
      const report = (message: string) => reports.push(message);
      return new LogRetention({ db, logbook, limits, now: () => nowMs, cardOf, report }).sweep();
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}
