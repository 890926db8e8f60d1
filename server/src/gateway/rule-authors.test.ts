import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accelerationEvents } from '#acceleration/acceleration-events.ts';
import { listAccelerationTasks } from '#acceleration/acceleration-store.ts';
import { chainEvents, isHeldByChain, isLetOutByChain } from '#chain/chain-events.ts';
import { gate } from '#chain/testing/chained-repository.ts';
import { type EventConsumer, takeBatch } from '#event/event-consumers.ts';
import { eventRuleEvents } from '#event-rule/event-rule-events.ts';
import { insertEventRule } from '#event-rule/event-rule-store.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import { JobFailed, type JobRunner } from '#job/job.ts';
import { listTagRules } from '#lifecycle/lifecycle-store.ts';
import { beginRun, lifecycleRunner } from '#lifecycle/run-rule.ts';
import { mirrorRunner } from '#mirror/mirror-job.ts';
import { syncRunner } from '#replication/sync-job.ts';
import type { NotedDecision } from '#rpc/context.ts';
import type { Action } from '#rpc/spec.gen.ts';
import { scanEvents } from '#scan/scan-events.ts';
import { scanRunner } from '#scan/scan-job.ts';
import { importOneAdvisory } from '#scan/testing/finished-scan.ts';
import { accelerateRunner } from '#stargz/accelerate-job.ts';
import { listSubscriptionRules } from '#subscription/subscription-rule-store.ts';
import { beginTask } from '#subscription/subscription-task-store.ts';
import { syncEvents } from '#sync/sync-events.ts';
import { triggerEvents } from '#trigger/trigger-events.ts';
import { listStoredTriggers, type StoredTrigger } from '#trigger/trigger-store.ts';
import { callAs, type KeyUnderTest, makeUser, owner, policy } from './testing/caller.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from './testing/gateway.ts';

/** What each kind of rule does, and the action that a later policy denies its author. */
const DENIED = {
  replication: 'cr:PullRepository',
  subscription: 'cr:PushRepository',
  retention: 'cr:DeleteRepositoryTag',
  chain: 'cr:CreateRepoTag',
  scan: 'cr:PutScan',
  acceleration: 'cr:PullRepository',
  trigger: 'cr:CreateWebHook',
  'event rule': 'cr:CreateEventCenterRule',
};
type Kind = keyof typeof DENIED;
const KINDS = Object.keys(DENIED) as Kind[];

test('a rule of any kind acts while its author may; what stops it is said where its result is read, and is in the record of calls', async () => {
  const noted: NotedDecision[] = [];
  const noteDecision = (decision: NotedDecision) => void noted.push(decision);
  const takeNoted = () => noted.splice(0);
  await using gateway = await startGatewayUnderTest({ means: { noteDecision } });
  const eve = await makeUser(gateway, 'eve', policy('Allow', 'cr:*'));
  await makeRules(gateway, eve);
  const acting = await startActing(gateway);

  await acting.push('v1');
  for (const [kind, reason] of Object.entries(await acting.reasons())) assert.equal(reason, undefined, kind);
  assert.deepEqual(takeNoted(), []);

  for (const kind of KINDS) {
    const document = policy('Deny', DENIED[kind]);
    const PolicyName = `no-${kind.replace(' ', '-')}`;
    await owner(gateway, 'CreatePolicy', { PolicyName, PolicyDocument: JSON.stringify(document) });
    await owner(gateway, 'AttachPolicyToUser', { PolicyType: 'Custom', PolicyName, UserName: 'eve' });
    await acting.push(`v-${PolicyName}`);
    const reason = (await acting.reasons())[kind];
    assert.match(
      reason ?? '',
      new RegExp(`A policy denies ${DENIED[kind]} on acs:cr:.* to acs:ram::\\d+:user/eve`),
      kind,
    );
    const found = takeNoted().find(({ action }) => action === DENIED[kind]);
    assert.ok(found?.denied && found.callerArn.endsWith(':user/eve') && found.requestId !== '', kind);
    assert.match(found.resource, /^acs:cr:local:/);
    assert.equal(found.accessKeyId, eve.accessKeyId);
    await owner(gateway, 'DetachPolicyFromUser', { PolicyType: 'Custom', PolicyName, UserName: 'eve' });
  }

  await owner(gateway, 'DetachPolicyFromUser', { PolicyType: 'Custom', PolicyName: 'of-eve', UserName: 'eve' });
  await acting.push('v2');
  for (const [kind, reason] of Object.entries(await acting.reasons()))
    assert.match(reason ?? '', /No policy allows cr:\w+ on .* to acs:ram::\d+:user\/eve/, kind);

  await owner(gateway, 'DeleteAccessKey', { UserName: 'eve', UserAccessKeyId: eve.accessKeyId });
  await owner(gateway, 'DeleteUser', { UserName: 'eve' });
  await acting.push('v3');
  for (const [kind, reason] of Object.entries(await acting.reasons()))
    assert.match(
      reason ?? '',
      /user\/eve, who made or last changed this, no longer exists, so nobody is allowed cr:\w+/,
      kind,
    );
  assert.ok(noted.length >= KINDS.length);
});

async function makeRules(gateway: GatewayUnderTest, eve: KeyUnderTest): Promise<void> {
  const { instanceId: InstanceId, means } = gateway;
  await importOneAdvisory(means.db, InstanceId);
  const create = async (action: Action, params: Record<string, string>) => {
    const { status, body } = await callAs(gateway, eve, action, { InstanceId, ...params });
    assert.equal(status, 200, `${action}: ${JSON.stringify(body)}`);
    return body;
  };
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team', AutoCreateRepo: 'true' });
  const ids: string[] = [];
  for (const RepoName of ['app', 'gated', 'copy']) {
    const named = { InstanceId, RepoNamespaceName: 'team', RepoName, RepoType: 'PRIVATE', Summary: 's' };
    ids.push(String((await owner(gateway, 'CreateRepository', named)).RepoId));
  }
  const [RepoId = ''] = ids;
  const target = { TargetInstanceId: InstanceId, TargetRegionId: 'local', TargetNamespaceName: 'team' };
  const rule = { NamespaceName: 'team', RepoName: 'app', SyncRuleName: 'r', SyncScope: 'REPO', TagFilter: '.*' };
  await create('CreateRepoSyncRule', { ...rule, ...target, TargetRepoName: 'copy' });
  const source = { SourceProvider: 'DOCKER_HUB', SourceNamespaceName: 'library', SourceRepoName: 'nginx' };
  const kept = { TagRegexp: '.*', TagCount: '1', 'Platform.1': 'linux/amd64' };
  await create('CreateArtifactSubscriptionRule', { ...source, ...kept, NamespaceName: 'team', RepoName: 'copy' });
  await create('CreateArtifactLifecycleRule', { Scope: 'INSTANCE', RetentionTagCount: '1', EnableDeleteTag: 'true' });
  await create('CreateChain', { Name: 'c', RepoNamespaceName: 'team', RepoName: 'gated', ChainConfig: gate() });
  const scanned = { RuleName: 's', ScanScope: 'REPO', Namespaces: '["team"]', RepoNames: '["app"]' };
  await create('CreateScanRule', { ...scanned, RepoTagFilterPattern: '.*', TriggerType: 'AUTO' });
  const scope = { ScopeId: RepoId, ScopeType: 'REPOSITORY', ArtifactType: 'ACCELERATED_IMAGE' };
  await create('CreateArtifactBuildRule', scope);
  const trigger = { TriggerName: 'deploy', TriggerType: 'ALL', TriggerUrl: 'https://ci.example/' };
  await create('CreateRepoTrigger', { RepoId, ...trigger });
  // Event rules are made by the native API, which this gateway's user cannot sign for.
  const [{ author }] = (await listStoredTriggers(means.db, RepoId)) as [StoredTrigger];
  const right = { action: 'cr:CreateEventCenterRule', resource: `instance/${InstanceId}` };
  const words = { name: 'e', eventType: 'cr:Artifact:PushCompleted', method: 'https', tagPattern: '' } as const;
  const where = { instanceId: InstanceId, scope: 'INSTANCE' as const, namespaces: [], repoNames: [] };
  const times = { createdMs: 1, modifiedMs: 1 };
  const eventRule = { ruleId: 'crecr-1', ...words, ...where, ...times, author: { ...author, right } };
  await insertEventRule(means, eventRule, 'https://ci.example/');
}

/** Hands events to everything that acts on them, and runs the jobs up to where their rights are decided. */
async function startActing(gateway: GatewayUnderTest) {
  const { instanceId, means } = gateway;
  const { db } = means;
  const consumers: EventConsumer[] = [
    ...[
      triggerEvents(means, isHeldByChain),
      syncEvents(means, { isHeld: isHeldByChain, isLetOut: isLetOutByChain }),
      eventRuleEvents({ ...means, publicUrl: 'https://build.example' }),
    ],
    ...[chainEvents(means), scanEvents(instanceId, false), accelerationEvents(means)],
  ];
  for (const consumer of consumers) while ((await takeBatch(db, consumer)) > 0);
  let image = 0;
  const runners = {
    replication: syncRunner({ means, own: unused(), targets: [], access: unused() }, { atOnce: 1 }),
    subscription: mirrorRunner({ means, own: unused(), providers: [], access: unused() }),
    retention: lifecycleRunner({ ...means, removeUntagged: async () => 0 }),
    scan: scanRunner({ db, rights: means, scanner: { name: 'none', scan: stopHere }, sboms: unused() }),
    acceleration: accelerateRunner({ means, own: unused(), folder: '/nowhere' }),
  };
  /** Why the newest job of a kind did not begin. */
  const reasonOf = async (kind: keyof typeof runners, jobKind: string) => {
    const query = db.selectFrom('job').selectAll().where('kind', '=', jobKind).orderBy('sequence', 'desc');
    const { job_id: jobId, subject } = await query.executeTakeFirstOrThrow();
    const job = { jobId, subject: JSON.parse(subject), attempt: 1, isLastAttempt: true };
    await db.updateTable('job').set({ state: 'DONE' }).where('kind', '=', jobKind).execute();
    const runner = runners[kind] as JobRunner<unknown, unknown>;
    const failure = await runner.run({ ...job, signal: new AbortController().signal }).catch((error: unknown) => error);
    const isRefusal = failure instanceof JobFailed && /polic|no longer exists/.test(failure.message);
    return isRefusal ? failure.message : undefined;
  };
  return {
    async push(tag: string) {
      image += 1;
      for (const name of ['app', 'gated'])
        await pushUnderTest(db, { instanceId, namespaceName: 'team', name }, { tag, image, nowMs: Date.now() });
      for (const consumer of consumers) while ((await takeBatch(db, consumer)) > 0);
      await db.transaction().execute(async (trx) => {
        const nowMs = Date.now();
        const [retention] = await listTagRules(trx, instanceId);
        if (retention)
          await beginRun(trx, retention, { requestedBy: undefined, dryRun: true, nowMs, newId: means.newId });
        const [subscription] = (await listSubscriptionRules(trx, instanceId, { limit: 1, offset: 0 })).rules;
        const asked = { taskId: means.newId('crast'), type: 'AUTO' as const, askedBy: 'rule', nowMs };
        if (subscription) await beginTask(trx, subscription, { ...asked, author: subscription.author });
      });
    },
    /** Why the newest act of each kind did not happen; undefined for one that did, or would have gone on. */
    async reasons(): Promise<Record<Kind, string | undefined>> {
      const delivery = async (type: string) => {
        const query = db
          .selectFrom('delivery')
          .selectAll()
          .where('event_type', '=', type)
          .where('repo_name', '=', 'app');
        const { state, failure } = await query.orderBy('sequence', 'desc').executeTakeFirstOrThrow();
        assert.equal(state, failure === null ? 'waiting' : 'untriggered');
        return failure ?? undefined;
      };
      const walks = db.selectFrom('chain_instance').selectAll().orderBy('sequence', 'desc');
      const chain = (await walks.executeTakeFirstOrThrow()).reason ?? undefined;
      const ofApp = await db.selectFrom('repository').select('repo_id').where('name', '=', 'app').executeTakeFirst();
      const [conversion] = await listAccelerationTasks(db, ofApp?.repo_id ?? '', 1);
      assert.ok(conversion);
      await db.updateTable('lifecycle_run').set({ ended_ms: 1 }).execute();
      return {
        replication: await reasonOf('replication', 'sync'),
        subscription: await reasonOf('subscription', 'mirror'),
        retention: await reasonOf('retention', 'lifecycle-run'),
        scan: await reasonOf('scan', 'scan'),
        acceleration: await reasonOf('acceleration', 'accelerate'),
        chain,
        trigger: await delivery('push'),
        'event rule': await delivery('cr:Artifact:PushCompleted'),
      };
    },
  };
}

/** What a job would use after its rights were decided, and so never touches here. */
function unused<Means extends object>(): Means {
  const refuse = () => {
    throw new Error('the job would go on');
  };
  return new Proxy({} as Means, { get: refuse });
}

function stopHere(): Promise<never> {
  throw new Error('the scan would go on');
}
