import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeBatch } from '#event/event-consumers.ts';
import { eventTransaction, insertEvent } from '#event/event-store.ts';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import { syncEvents } from '../sync-events.ts';

const FAR = { instanceId: 'cri-far', regionId: 'far', accountId: '9999' };

async function startWithTwo() {
  const gateway = await startGatewayUnderTest({ means: { syncTargets: [FAR] } });
  const { instanceId: InstanceId } = gateway;
  for (const [NamespaceName, AutoCreateRepo] of [
    ['team', 'false'],
    ['mirror', 'true'],
  ] as const) {
    await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName, AutoCreateRepo });
    const named = { InstanceId, RepoNamespaceName: NamespaceName, RepoName: 'app' };
    await owner(gateway, 'CreateRepository', { ...named, RepoType: 'PRIVATE', Summary: 's' });
  }
  const rule = {
    InstanceId,
    NamespaceName: 'team',
    RepoName: 'app',
    SyncRuleName: 'r',
    SyncScope: 'REPO',
    TagFilter: 'v.*',
    TargetInstanceId: 'cri-far',
    TargetRegionId: 'far',
    TargetNamespaceName: 'up',
    TargetRepoName: 'app',
  };
  await takeBatch(gateway.means.db, syncEvents(gateway.means, FREE));
  return { gateway, InstanceId, rule };
}

/** No chain is in force. */
const FREE = { isHeld: async () => false, isLetOut: async () => false };

/** Sets a tag of team/app as a push does, and has the rules take it. */
async function push(gateway: GatewayUnderTest, tag: string, image = 0) {
  const repository = { instanceId: gateway.instanceId, namespaceName: 'team', name: 'app' };
  await pushUnderTest(gateway.means.db, repository, { tag, image, nowMs: Date.now() });
  await takeBatch(gateway.means.db, syncEvents(gateway.means, FREE));
}

async function repoIdOf({ gateway, InstanceId }: { gateway: GatewayUnderTest; InstanceId: string }): Promise<string> {
  const named = { InstanceId, RepoNamespaceName: 'team', RepoName: 'app' };
  return String((await owner(gateway, 'GetRepository', named)).RepoId);
}

test('a rule comes back as it was made, is found by its filters, and is gone once deleted', async () => {
  const { gateway, InstanceId, rule } = await startWithTwo();
  await using _ = gateway;
  const { SyncRuleId } = await owner(gateway, 'CreateRepoSyncRule', { ...rule, TagFilter: ' v.*', Priority: '5' });
  const scope = { ...rule, SyncScope: 'NAMESPACE', SyncRuleName: 'all', SyncTrigger: 'INITIATIVE' };
  const { RepoName: _repo, TargetRepoName: _target, ...namespaceRule } = scope;
  await owner(gateway, 'CreateRepoSyncRule', { ...namespaceRule, RepoNameFilter: 'a.*' });
  const listed = async (filter: Record<string, string> = {}) =>
    owner(gateway, 'ListRepoSyncRule', { InstanceId, ...filter });
  const [first, second] = (await listed()).SyncRules as Record<string, unknown>[];
  const { CreateTime, ModifiedTime, ...shown } = first ?? {};
  assert.equal(CreateTime, ModifiedTime);
  assert.deepEqual(shown, {
    CrossUser: true,
    LocalInstanceId: InstanceId,
    LocalNamespaceName: 'team',
    LocalRegionId: 'local',
    LocalRepoName: 'app',
    Priority: 5,
    SyncDirection: 'FROM',
    SyncRuleId,
    SyncRuleName: 'r',
    SyncScope: 'REPO',
    SyncTrigger: 'PASSIVE',
    TagFilter: ' v.*',
    TargetInstanceId: 'cri-far',
    TargetNamespaceName: 'up',
    TargetRegionId: 'far',
    TargetRepoName: 'app',
  });
  assert.deepEqual([second?.RepoNameFilter, second?.Priority, second?.LocalRepoName], ['a.*', 3, '']);
  const counts = await Promise.all(
    [{ RepoName: 'app' }, { NamespaceName: 'mirror' }, { TargetInstanceId: 'cri-far' }, { TargetRegionId: 'x' }].map(
      async (filter) => (await listed(filter as unknown as Record<string, string>)).TotalCount,
    ),
  );
  assert.deepEqual(counts, [1, 0, 2, 0]);
  await owner(gateway, 'DeleteRepoSyncRule', { InstanceId, SyncRuleId });
  assert.equal((await listed()).TotalCount, 1);
  const again = await callAs(gateway, gateway, 'DeleteRepoSyncRule', { InstanceId, SyncRuleId });
  assert.deepEqual([again.status, again.body.Code], [404, 'SYNC_RULE_NOT_EXIST']);
});

const REFUSED: [what: string, change: Record<string, string>, code: string][] = [
  ['an expression that does not compile', { TagFilter: '(' }, 'InvalidParameter.TagFilter'],
  ['a link', { LinkId: 'l-1' }, 'InvalidParameter.LinkId'],
  ['an unknown target', { TargetInstanceId: 'cri-nowhere' }, 'INSTANCE_NOT_EXIST'],
  ['another region of the target', { TargetRegionId: 'near' }, 'InvalidParameter.TargetRegionId'],
  ['another account of the target', { TargetUserId: '1' }, 'InvalidParameter.TargetUserId'],
  ['a priority of 6', { Priority: '6' }, 'InvalidParameter.Priority'],
  ['a name of 65 characters', { SyncRuleName: 'x'.repeat(65) }, 'InvalidParameter.SyncRuleName'],
  ['no repository', { RepoName: '' }, 'MissingParameter'],
  ['a filter of repositories beside one', { RepoNameFilter: '.*' }, 'InvalidParameter.RepoNameFilter'],
  ['one repository for a namespace', { SyncScope: 'NAMESPACE' }, 'InvalidParameter.RepoName'],
  ['a namespace that is not there', { NamespaceName: 'nothing' }, 'NAMESPACE_NOT_EXIST'],
  ['a repository that is not there', { RepoName: 'nothing' }, 'REPO_NOT_EXIST'],
  ['a target that is no name', { TargetRepoName: 'UP' }, 'InvalidParameter.TargetRepoName'],
];

test('a rule that could not do what it says is refused, with the parameter that is wrong', async () => {
  const { gateway, InstanceId, rule } = await startWithTwo();
  await using _ = gateway;
  const codeOf = async (change: Record<string, string>) =>
    (await callAs(gateway, gateway, 'CreateRepoSyncRule', { ...rule, ...change })).body.Code;
  for (const [what, change, code] of REFUSED) assert.equal(await codeOf(change), code, what);
  const own = { TargetInstanceId: InstanceId, TargetRegionId: 'local', TargetNamespaceName: 'team' };
  assert.equal(await codeOf(own), 'InvalidParameter.TargetNamespaceName');
  assert.equal(await codeOf({ ...own, TargetRepoName: 'nothing' }), 'REPO_NOT_EXIST');
  assert.equal(await codeOf({}), 'success');
  assert.equal(await codeOf({}), 'SYNC_RULE_ALREADY_EXIST');
});

test('a pushed tag makes one task for each rule that matches, in one batch, and none for what came from there', async () => {
  const { gateway, InstanceId, rule } = await startWithTwo();
  await using _ = gateway;
  await push(gateway, 'v0');
  await owner(gateway, 'CreateRepoSyncRule', rule);
  const own = { TargetInstanceId: InstanceId, TargetRegionId: 'local', TargetNamespaceName: 'mirror' };
  await owner(gateway, 'CreateRepoSyncRule', { ...rule, ...own, SyncRuleName: 'own', Priority: '1' });
  await owner(gateway, 'CreateRepoSyncRule', { ...rule, SyncRuleName: 'by hand', SyncTrigger: 'INITIATIVE' });
  await push(gateway, 'v1', 1);
  await push(gateway, 'other', 1);
  const all = await owner(gateway, 'ListRepoSyncTask', { InstanceId });
  const tasks = all.SyncTasks as Record<string, unknown>[];
  assert.deepEqual(
    tasks.map(({ ImageTo, TaskStatus, TaskTrigger, Priority, CrossUser }) => {
      const { RepoNamespaceName, ImageTag } = ImageTo as Record<string, string>;
      return [RepoNamespaceName, ImageTag, TaskStatus, TaskTrigger, Priority, CrossUser];
    }),
    [
      ['mirror', 'v1', 'PENDING', 'PASSIVE', 1, false],
      ['up', 'v1', 'PENDING', 'PASSIVE', 3, true],
    ],
  );
  assert.equal(all.TotalCount, '2');
  const [batch] = new Set(tasks.map((task) => String(task.SyncBatchTaskId)));
  const ofBatch = await owner(gateway, 'ListRepoSyncTask', { InstanceId, SyncRecordId: batch ?? '' });
  assert.equal((ofBatch.SyncTasks as unknown[]).length, 2);
  // An image that another server copied here is not sent back there.
  const { db } = gateway.means;
  const last = await db
    .selectFrom('event')
    .selectAll()
    .where('kind', '=', 'tag_set')
    .orderBy('sequence', 'desc')
    .executeTakeFirst();
  const body = { ...JSON.parse(last?.body ?? '{}'), tag: 'v2', syncPath: ['cri-far/up/app'] };
  await db
    .insertInto('event')
    .values({ kind: 'tag_set', time_ms: Date.now(), body: JSON.stringify(body) })
    .execute();
  await takeBatch(db, syncEvents(gateway.means, FREE));
  const after = await owner(gateway, 'ListRepoSyncTask', { InstanceId, Tag: 'v2' });
  const targets = (after.SyncTasks as { ImageTo: { RepoNamespaceName: string } }[]).map(({ ImageTo }) => ImageTo);
  assert.deepEqual(
    targets.map((to) => to.RepoNamespaceName),
    ['mirror'],
  );
});

test('what is said of an image later is copied by the rules that copy the image, and of an image that a chain holds only once it let that out', async () => {
  const { gateway, InstanceId, rule } = await startWithTwo();
  await using _ = gateway;
  const { db } = gateway.means;
  await owner(gateway, 'CreateRepoSyncRule', rule);
  await push(gateway, 'v1', 1);
  const { repo_id: repoId, digest } = await db
    .selectFrom('tag')
    .select(['repo_id', 'digest'])
    .where('name', '=', 'v1')
    .executeTakeFirstOrThrow();
  let [isHeld, isOut] = [false, false];
  const tasks = async () => {
    await takeBatch(db, syncEvents(gateway.means, { isHeld: async () => isHeld, isLetOut: async () => isOut }));
    const { SyncTasks } = await owner(gateway, 'ListRepoSyncTask', { InstanceId });
    return (SyncTasks as { ImageTo: { ImageTag: string } }[]).map(({ ImageTo }) => ImageTo.ImageTag);
  };
  const say = (body: object) =>
    eventTransaction(db, (trx) =>
      insertEvent(trx, 'referrer_pushed', { repoId, digest: 'sha256:1', subject: digest, ...body }, Date.now()),
    );
  assert.deepEqual(await tasks(), ['v1']);
  await say({});
  assert.deepEqual(await tasks(), ['v1', 'v1']);
  await push(gateway, `${digest.replace(':', '-')}.sig`, 2);
  assert.deepEqual(await tasks(), ['v1', 'v1', 'v1'], 'a tag of cosign, which the rule itself does not match');
  await say({ subject: `sha256:${'0'.repeat(64)}` });
  await say({ syncPath: ['cri-far/up/app'] });
  assert.deepEqual(await tasks(), ['v1', 'v1', 'v1'], 'what was said there does not go back');
  isHeld = true;
  await say({});
  assert.deepEqual(await tasks(), ['v1', 'v1', 'v1']);
  isOut = true;
  await say({});
  assert.deepEqual(await tasks(), ['v1', 'v1', 'v1', 'v1']);
  const chosen = await db.selectFrom('sync_task').select('digest').orderBy('sequence', 'desc').executeTakeFirst();
  assert.equal(chosen?.digest, digest, 'and no other image, if the tag moves');
});

test('a task by hand is shown with its ends, is canceled once, and is refused for what is not there', async () => {
  const { gateway, InstanceId, rule } = await startWithTwo();
  await using _ = gateway;
  await push(gateway, 'v1');
  const RepoId = await repoIdOf({ gateway, InstanceId });
  const task = {
    InstanceId,
    RepoId,
    Tag: 'v1',
    TargetInstanceId: 'cri-far',
    TargetRegionId: 'far',
    TargetNamespace: 'up',
    TargetRepoName: 'app',
    TargetTag: 'v1',
  };
  const { SyncTaskId } = await owner(gateway, 'CreateRepoSyncTask', task);
  const shown = await owner(gateway, 'GetRepoSyncTask', { InstanceId, SyncTaskId: String(SyncTaskId) });
  assert.deepEqual(
    [shown.TaskStatus, shown.Progress, shown.SyncedSize, shown.LayerTasks, shown.Priority, shown.SyncRuleId],
    ['PENDING', 0, 0, [], 3, ''],
  );
  const id = { InstanceId, SyncTaskId: String(SyncTaskId) };
  await owner(gateway, 'CancelRepoSyncTask', id);
  assert.equal((await owner(gateway, 'GetRepoSyncTask', id)).TaskStatus, 'CANCELED');
  const codeOf = async (
    action: 'CreateRepoSyncTask' | 'CreateRepoSyncTaskByRule' | 'CancelRepoSyncTask' | 'GetRepoSyncTask',
    params: Record<string, string>,
  ) => (await callAs(gateway, gateway, action, params)).body.Code;
  assert.equal(await codeOf('GetRepoSyncTask', { InstanceId, SyncTaskId: 'rst-nothing' }), 'SYNC_TASK_NOT_EXIST');
  assert.equal(await codeOf('CreateRepoSyncTask', { ...task, Tag: 'none' }), 'TAG_NOT_EXIST');
  const here = { ...task, TargetInstanceId: InstanceId, TargetRegionId: 'local', TargetRepoName: 'new' };
  assert.equal(await codeOf('CreateRepoSyncTask', { ...here, TargetNamespace: 'team' }), 'REPO_NOT_EXIST');
  assert.equal(await codeOf('CreateRepoSyncTask', { ...here, TargetNamespace: 'mirror' }), 'success');
  assert.equal(await codeOf('CreateRepoSyncTask', { ...task, TargetTag: '-' }), 'InvalidParameter.TargetTag');
  assert.equal(
    await codeOf('CreateRepoSyncTask', { ...task, TargetNamespace: 'A' }),
    'InvalidParameter.TargetNamespace',
  );
  await gateway.means.db.updateTable('job').set({ state: 'DONE', ended_ms: 1 }).execute();
  assert.equal(await codeOf('CancelRepoSyncTask', id), 'SYNC_TASK_STATUS_NOT_SUPPORT');
  const passive = await owner(gateway, 'CreateRepoSyncRule', rule);
  const manual = { ...rule, SyncRuleName: 'by hand', SyncTrigger: 'INITIATIVE' };
  const { SyncRuleId } = await owner(gateway, 'CreateRepoSyncRule', manual);
  const byRule = { InstanceId, RepoId, Tag: 'v1', SyncRuleId: String(SyncRuleId) };
  assert.equal(
    await codeOf('CreateRepoSyncTaskByRule', { ...byRule, SyncRuleId: String(passive.SyncRuleId) }),
    'InvalidParameter.SyncRuleId',
  );
  assert.equal(await codeOf('CreateRepoSyncTaskByRule', { ...byRule, Tag: 'w1' }), 'InvalidParameter.Tag');
  assert.equal(await codeOf('CreateRepoSyncTaskByRule', byRule), 'success');
});

test('deleting a repository deletes the rules that copy it alone, and no rule of a later repository of its name', async () => {
  const { gateway, InstanceId, rule } = await startWithTwo();
  await using _ = gateway;
  await owner(gateway, 'CreateRepoSyncRule', rule);
  await owner(gateway, 'DeleteRepository', { InstanceId, RepoId: await repoIdOf({ gateway, InstanceId }) });
  await gateway.means.db
    .updateTable('sync_rule')
    .set({ created_ms: Date.now() + 60_000 })
    .execute();
  const consumer = syncEvents(gateway.means, FREE);
  await takeBatch(gateway.means.db, consumer);
  const rules = async () => (await owner(gateway, 'ListRepoSyncRule', { InstanceId })).TotalCount;
  assert.equal(await rules(), 1);
  await gateway.means.db.updateTable('sync_rule').set({ created_ms: 1 }).execute();
  await gateway.means.db.updateTable('event_cursor').set({ sequence: 0 }).execute();
  await takeBatch(gateway.means.db, consumer);
  assert.equal(await rules(), 0);
});
