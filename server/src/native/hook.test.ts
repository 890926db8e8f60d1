import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBuildRecord } from '#build/build-store.ts';
import { insertBuildRule } from '#build/rules/build-rule-store.ts';
import { noteHookDelivery } from '#source/hooks/hook-delivery-store.ts';
import { insertSourceBinding } from '#source/source-store.ts';
import { startApiUnderTest } from './testing/api.ts';

const EVENT = {
  pushType: 'GIT_BRANCH' as const,
  name: 'release-2',
  commitId: '2'.repeat(40),
  before: undefined,
  after: '2'.repeat(40),
  pushedMs: undefined,
  codeRepository: 'team/app',
};

/** The native API with a repository that has a source, and a rule for `release-$version`. */
async function startBound(t: Parameters<typeof startApiUnderTest>[0]) {
  const api = await startApiUnderTest(t);
  await api.beginBuild();
  const { db } = api.means;
  const { instance_id: instanceId, repo_id: repoId } = await db
    .selectFrom('repository')
    .select(['instance_id', 'repo_id'])
    .executeTakeFirstOrThrow();
  const times = { createdMs: 1, modifiedMs: 1, requester: undefined };
  const code = { codeRepoType: 'GITLAB' as const, codeRepoNamespaceName: 'team', codeRepoName: 'app' };
  const switches = { autoBuild: true, overseaBuild: false, disableCacheBuild: false };
  await insertSourceBinding(db, { repoId, instanceId, ...code, ...switches, ...times });
  const rule = { pushType: 'GIT_BRANCH' as const, pushName: 'release-$version', imageTag: 'v$version' };
  const how = { dockerfileLocation: '/', dockerfileName: 'Dockerfile', buildArgs: [], platforms: [] };
  await insertBuildRule(db, { buildRuleId: 'crbr-1', repoId, instanceId, ...rule, ...how, ...times });
  const call = async (path: string, body?: object, method = body === undefined ? 'GET' : 'POST') => {
    const headers = { authorization: api.authorization, 'content-type': 'application/json' };
    const given = body === undefined ? {} : { body: JSON.stringify(body) };
    const reply = await fetch(`${api.endpoint}/api/v1/repositories/team/app${path}`, { method, headers, ...given });
    return (await reply.json()) as Record<string, unknown> & { Code?: string; Message?: string };
  };
  return { db, repoId, call };
}

test('shows the address of a hook but never its secret, and what came of its deliveries', async (t) => {
  const { db, repoId, call } = await startBound(t);
  assert.deepEqual([(await call('/hook')).Url, (await call('/hook')).Deliveries], [undefined, []]);
  const { Url, Secret } = await call('/hook', undefined, 'POST');
  const delivery = { deliveryId: crypto.randomUUID(), repoId, receivedMs: 7, result: 'nothing' as const };
  const told = { event: EVENT, builds: [], notes: ['no rule matches'], redeliveredBy: undefined };
  await noteHookDelivery(db, { ...delivery, ...told });
  const shown = await call('/hook');
  assert.equal(shown.Url, Url);
  assert.doesNotMatch(JSON.stringify(shown), new RegExp(String(Secret)));
  const Event = { Kind: 'branch', Name: 'release-2', CommitId: EVENT.commitId };
  const { DeliveryId, ReceiveTime, Result } = { DeliveryId: delivery.deliveryId, ReceiveTime: 7, Result: 'nothing' };
  assert.deepEqual(shown.Deliveries, [
    { DeliveryId, ReceiveTime, Result, Event, Builds: [], Notes: ['no rule matches'] },
  ]);
});

test('processes a delivery again by the rules as they are now, each time it is asked to', async (t) => {
  const { db, repoId, call } = await startBound(t);
  const deliveryId = crypto.randomUUID();
  const note = (id: string, event: typeof EVENT | undefined) =>
    noteHookDelivery(db, {
      deliveryId: id,
      repoId,
      receivedMs: 7,
      result: 'nothing',
      event,
      builds: [],
      notes: [],
      redeliveredBy: undefined,
    });
  await note(deliveryId, EVENT);
  const again = (id: string) => call(`/hook/deliveries/${id}/redeliver`, undefined, 'POST');
  assert.equal((await again(deliveryId)).Code, 'HOOK_NOT_EXIST');
  await call('/hook', undefined, 'POST');
  for (let times = 0; times < 2; times += 1) {
    const { Result, Builds, RedeliveredBy } = await again(deliveryId);
    assert.deepEqual([Result, (Builds as { ImageTag: string }[]).map(({ ImageTag }) => ImageTag)], ['built', ['v2']]);
    assert.match(String(RedeliveredBy), /^acs:ram::/);
    await db.updateTable('build_record').set({ status: 'SUCCESS', ended_ms: 1 }).execute();
  }
  assert.equal(((await call('/hook')).Deliveries as unknown[]).length, 3);
  const empty = crypto.randomUUID();
  await note(empty, undefined);
  assert.equal((await again(empty)).Code, 'HOOK_DELIVERY_EMPTY');
  assert.equal((await again(crypto.randomUUID())).Code, 'HOOK_DELIVERY_NOT_EXIST');
});

const PULL = { pullRequest: 5, ref: 'refs/pull/5/head', targetBranch: 'release-2', codeRepository: 'team/app' };

test('the build of a redelivery needs the rights of the caller, beside those of the rule and the source', async (t) => {
  const { db, repoId, call } = await startBound(t);
  await call('/hook', undefined, 'POST');
  const pull = { ...PULL, commitId: '3'.repeat(40) };
  for (const event of [EVENT, pull]) {
    const deliveryId = crypto.randomUUID();
    const none = { builds: [], notes: [], redeliveredBy: undefined };
    await noteHookDelivery(db, { deliveryId, repoId, receivedMs: 7, result: 'nothing', event, ...none });
    const { Builds, RedeliveredBy } = await call(`/hook/deliveries/${deliveryId}/redeliver`, undefined, 'POST');
    const record = await findBuildRecord(db, (Builds as { BuildRecordId: string }[])[0]?.BuildRecordId ?? '');
    const requesters = record?.requesters?.map(({ part, who }) => [part, who?.arn]);
    assert.deepEqual(requesters?.[0], ['call', RedeliveredBy]);
    assert.deepEqual(
      requesters?.slice(1).map(([part]) => part),
      ['rule', 'source'],
    );
  }
});

test('a redelivered pull request is not built after a newer one, however often it is redelivered', async (t) => {
  const { db, repoId, call } = await startBound(t);
  await call('/hook', undefined, 'POST');
  const note = async (commit: string, receivedMs: number) => {
    const deliveryId = crypto.randomUUID();
    const event = { ...PULL, commitId: commit.repeat(40) };
    const none = { builds: [], notes: [], redeliveredBy: undefined };
    await noteHookDelivery(db, { deliveryId, repoId, receivedMs, result: 'nothing', event, ...none });
    return deliveryId;
  };
  const again = async (id: unknown) => call(`/hook/deliveries/${id}/redeliver`, undefined, 'POST');
  const [older, newer] = [await note('1', 7), await note('2', 8)];
  const first = await again(newer);
  assert.equal(first.Result, 'built');
  let delivery: unknown = older;
  for (let times = 0; times < 2; times += 1) {
    const { Result, Notes, DeliveryId } = await again(delivery);
    assert.equal(Result, 'nothing');
    assert.match(String(Notes), /this commit of pull request 5 came after a newer one, which it would undo/);
    // What was redelivered is listed as new, and is as old as before.
    delivery = DeliveryId;
  }
  const running = await db
    .selectFrom('build_record')
    .select('cancel_requested')
    .where('image_tag', '=', 'pr-5')
    .execute();
  assert.deepEqual(
    running.map((row) => row.cancel_requested),
    [0],
  );
  await db.updateTable('build_record').set({ status: 'SUCCESS', ended_ms: 1 }).execute();
  assert.equal((await again(newer)).Result, 'built');
  assert.equal(
    (await again(await note('4', Date.now() + 1000))).Result,
    'built',
    'a commit that came later still is built',
  );
});

test('deliveries of a pull request that built nothing are built when they are redelivered in their order', async (t) => {
  const { db, repoId, call } = await startBound(t);
  await call('/hook', undefined, 'POST');
  const tags: unknown[] = [];
  for (const [commit, receivedMs] of [
    ['1', 7],
    ['2', 8],
  ] as const) {
    const deliveryId = crypto.randomUUID();
    const event = { ...PULL, commitId: commit.repeat(40) };
    const none = { builds: [], notes: [], redeliveredBy: undefined };
    await noteHookDelivery(db, { deliveryId, repoId, receivedMs, result: 'nothing', event, ...none });
    const { Builds } = await call(`/hook/deliveries/${deliveryId}/redeliver`, undefined, 'POST');
    tags.push(...(Builds as { ImageTag: string }[]).map(({ ImageTag }) => `${commit} ${ImageTag}`));
  }
  assert.deepEqual(tags, ['1 pr-5', '2 pr-5']);
});

test('builds a rule with a pattern for the branch that the caller names, and says what does not match', async (t) => {
  const { db, call } = await startBound(t);
  const build = (push: string, rule = 'crbr-1') =>
    call(`/rules/${rule}/builds${push && `?push=${encodeURIComponent(push)}`}`, undefined, 'POST');
  assert.equal((await build('')).Code, 'BUILD_RULE_NOT_LITERAL');
  assert.match(String((await build('main')).Message), /"push".*the rule builds "release-\$version", which main/);
  assert.match(String((await build('release-a b')).Message), /"push".*a space or a control character/);
  assert.match(String((await build('release-1/2')).Message), /"push".*gives "v1\/2", which is not a tag/);
  assert.equal((await build('release-1', 'crbr-2')).Code, 'BUILD_RULE_NOT_EXIST');
  const { BuildRecordId, ImageTag } = await build('release-1.4');
  assert.equal(ImageTag, 'v1.4');
  const record = await findBuildRecord(db, String(BuildRecordId));
  assert.deepEqual(
    [record?.imageTag, record?.source.kind === 'code-host' && record.source.ref],
    ['v1.4', 'refs/heads/release-1.4'],
  );
});

test('lists the branches and tags of a source', async (t) => {
  const { call } = await startBound(t);
  const { Branches, Tags, IsCut, Problem } = await call('/source/refs');
  assert.deepEqual([Branches, Tags, IsCut, Problem], [['main'], ['v1'], false, undefined]);
});
