import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT_AUTHOR } from '#account/rule-author.ts';
import { claimBuildRecord, claimCancelledRecord, endBuildRecord } from '#build/queue/queue-store.ts';
import { startRepositoryUnderTest } from '#build/testing/repository.ts';
import { listDeliveries } from '#delivery/delivery-store.ts';
import { takeBatch } from '#event/event-consumers.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import type { EventRule } from './event-rule.ts';
import { eventRuleEvents } from './event-rule-events.ts';
import { insertEventRule } from './event-rule-store.ts';

const CONFIG = JSON.stringify({
  notifyMethod: 'dingding',
  notifyConfig: { Url: 'https://oapi.example/robot/send?access_token=s3cret', id: 'x' },
  notifyFilter: {},
});

async function startRules() {
  const repository = await startRepositoryUnderTest();
  const { gateway } = repository;
  const { means, instanceId } = gateway;
  const consumer = eventRuleEvents({ ...means, publicUrl: 'https://build.example' });
  await takeBatch(means.db, consumer);
  let rules = 0;
  return {
    repository,
    means,
    call: repository.call,
    async make(given: Partial<EventRule> = {}) {
      const rule: EventRule = {
        ruleId: `crecr-${++rules}`,
        instanceId,
        name: `rule-${rules}`,
        eventType: 'cr:Artifact:PushCompleted',
        scope: 'INSTANCE',
        namespaces: [],
        repoNames: [],
        tagPattern: '',
        method: 'https',
        author: ACCOUNT_AUTHOR,
        createdMs: 1,
        modifiedMs: 1,
        ...given,
      };
      await insertEventRule(means, rule, 'https://events.example/');
      return rule.ruleId;
    },
    push: (tag: string) =>
      pushUnderTest(
        means.db,
        { instanceId, namespaceName: 'team', name: 'app' },
        { tag, image: 1, nowMs: means.now() },
      ),
    take: () => takeBatch(means.db, consumer),
    /** Ends a build with this failure; returns its id. */
    async failBuild(message: string) {
      const BuildRuleId = await repository.addRule();
      const { body } = await repository.call('CreateBuildRecordByRule', { BuildRuleId });
      const { db, now } = means;
      const limits = { perInstance: 1, perRepository: 1 };
      const claimed = await claimBuildRecord(db, { owner: 'a', nowMs: now(), leaseMs: 1 }, limits);
      const buildRecordId = String(body.BuildRecordId);
      const holder = { buildRecordId, owner: 'a', epoch: claimed?.leaseEpoch ?? 0 };
      const failure = { fault: 'source' as const, message };
      assert.equal(await endBuildRecord(db, holder, { status: 'FAILED', endedMs: now(), failure }), true);
      return buildRecordId;
    },
    sent: async (ruleId: string) =>
      (await listDeliveries(means.db, { receiverIds: [ruleId], withUntriggered: true }, { limit: 9 })).reverse(),
    [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
  };
}

test('a rule sends a CloudEvent for what happens in its scope, to tags that it matches', async () => {
  await using rules = await startRules();
  const [all, matching] = [await rules.make(), await rules.make({ tagPattern: 'v.*' })];
  const here = await rules.make({ scope: 'REPO', namespaces: ['team'], repoNames: ['app'] });
  const elsewhere = await rules.make({ scope: 'NAMESPACE', namespaces: ['other'] });
  const builds = await rules.make({ eventType: 'cr:Artifact:BuildCompleted' });
  for (const tag of ['v1', 'edge']) await rules.push(tag);
  await rules.take();
  await rules.take();
  const tags = async (ruleId: string) => (await rules.sent(ruleId)).map(({ tag }) => tag);
  assert.deepEqual(await Promise.all([all, matching, here, elsewhere, builds].map(tags)), [
    ['v1', 'edge'],
    ['v1'],
    ['v1', 'edge'],
    [],
    [],
  ]);
  const [delivery = assert.fail()] = await rules.sent(all);
  const { id, time, data, ...event } = JSON.parse(delivery.body);
  assert.equal(delivery.contentType, 'application/cloudevents+json');
  assert.equal(id, delivery.deliveryId);
  assert.equal(time, new Date(delivery.createdMs).toISOString());
  assert.deepEqual(event, {
    specversion: '1.0',
    source: 'acs.cr',
    type: 'cr:Artifact:PushCompleted',
    datacontenttype: 'application/json',
    subject: `acs.cr:local:${rules.means.accountId}:${rules.repository.gateway.instanceId}/team/app`,
    aliyunaccountid: rules.means.accountId,
    aliyunregionid: 'local',
    aliyuneventbusname: 'default',
  });
  assert.deepEqual([data.RepoNamespaceName, data.RepoName, data.Tag], ['team', 'app', 'v1']);
});

test('the end of a build is an event, and a robot gets a text', async () => {
  await using rules = await startRules();
  const ruleId = await rules.make({ eventType: 'cr:Artifact:BuildCompleted', method: 'dingding' });
  const BuildRuleId = await rules.repository.addRule();
  const { body } = await rules.call('CreateBuildRecordByRule', { BuildRuleId });
  const buildRecordId = String(body.BuildRecordId);
  await rules.call('CancelRepoBuildRecord', { BuildRecordId: buildRecordId });
  const { db, now } = rules.means;
  const claimed = await claimCancelledRecord(db, { owner: 'a', nowMs: now(), leaseMs: 1 });
  const holder = { buildRecordId, owner: 'a', epoch: claimed?.leaseEpoch ?? 0 };
  const failure = { fault: 'cancelled' as const, message: 'cancelled by ann' };
  assert.equal(await endBuildRecord(db, holder, { status: 'CANCELED', endedMs: now(), failure }), true);
  await rules.take();
  const [delivery = assert.fail()] = await rules.sent(ruleId);
  const { msgtype, text } = JSON.parse(delivery.body);
  assert.equal(msgtype, 'text');
  assert.match(
    text.content,
    /^cr:Artifact:BuildCompleted\nteam\/app:latest\n.*BuildStatus: CANCELED\n.*Reason: cancelled by ann/s,
  );
  assert.equal(delivery.contentType, 'application/json');
});

test('a mail has the first line of the reason in its subject and text, the link, and nothing that a reason adds to its head', async () => {
  await using rules = await startRules();
  const mailed = { eventType: 'cr:Artifact:BuildCompleted' as const, method: 'mail' as const };
  const ruleId = await rules.make(mailed);
  const buildRecordId = await rules.failBuild('exit 2: no \u202ertl\u0007\r\nBcc: eve@example.com\n\nother text');
  await rules.take();
  const [delivery = assert.fail()] = await rules.sent(ruleId);
  assert.equal(delivery.contentType, 'text/plain; charset=utf-8');
  const [subject, headline, reason, empty, link] = delivery.body.replace('\n\n', '\n').split('\n');
  assert.deepEqual(
    [subject, headline, reason, empty, link],
    [
      'Build failed: team/app:latest: exit 2: no  rtl',
      'Build failed: team/app:latest',
      'exit 2: no  rtl',
      '',
      `https://build.example/console/builds/${buildRecordId}`,
    ],
  );
  assert.doesNotMatch(delivery.body, /Bcc|other text/);
});

test('a push is mailed with the page of its repository, and a long reason is cut', async () => {
  await using rules = await startRules();
  const ruleId = await rules.make({ method: 'mail' });
  const builds = await rules.make({ eventType: 'cr:Artifact:BuildCompleted', method: 'mail' });
  await rules.push('v1');
  await rules.failBuild('x'.repeat(5000));
  await rules.take();
  const [push = assert.fail()] = await rules.sent(ruleId);
  assert.match(
    push.body,
    /^Image pushed: team\/app:v1\n\nImage pushed: team\/app:v1\n\nhttps:\/\/build\.example\/console\/repositories\/team\/app\n\nDigest: sha256:/,
  );
  const [build = assert.fail()] = await rules.sent(builds);
  assert.ok((build.body.split('\n')[0] ?? '').length <= 150);
  assert.ok(build.body.length < 1500);
});

test('rules are listed, changed in part and deleted, and what they sent is listed', async () => {
  await using rules = await startRules();
  const RuleId = await rules.make();
  await rules.push('v1');
  await rules.take();
  const { body: listed } = await rules.call('ListEventCenterRecord', { PageSize: '1' });
  assert.equal(listed.TotalCount, 1);
  const [record] = listed.Records as Record<string, unknown>[];
  assert.deepEqual(
    [record?.RuleId, record?.RuleName, record?.EventNotifyMethod, record?.Namespace, record?.RepoName, record?.Tag],
    [RuleId, 'rule-1', 'https', 'team', 'app', 'v1'],
  );
  const other = await rules.call('ListEventCenterRecord', { EventType: 'cr:Artifact:BuildCompleted' });
  assert.equal(other.body.TotalCount, 0);
  const { body } = await rules.call('UpdateEventCenterRule', { RuleId, RuleName: 'renamed', EventConfig: CONFIG });
  assert.deepEqual([body.Code, body.RuleId], [200, RuleId]);
  assert.deepEqual((await rules.call('ListEventCenterRuleName')).body.RuleNames, [{ RuleId, RuleName: 'renamed' }]);
  assert.equal((await rules.call('DeleteEventCenterRule', { RuleId })).status, 200);
  for (const action of ['DeleteEventCenterRule', 'UpdateEventCenterRule'])
    assert.equal((await rules.call(action, { RuleId })).body.Code, 'EVENT_CENTER_RULE_NOT_EXIST');
});

test('a wrong part of a rule is named, and no address is repeated', async () => {
  await using rules = await startRules();
  const RuleId = await rules.make();
  const config = (changes: object) => JSON.stringify({ ...JSON.parse(CONFIG), ...changes });
  const wrong: [params: Record<string, string>, message: RegExp][] = [
    [{ EventConfig: 'x' }, /EventConfig.*not a JSON object/],
    [{ EventConfig: 'null' }, /EventConfig.*not a JSON object/],
    [{ EventConfig: config({ notifyMethod: 'sms' }) }, /http, https, dingding, mail/],
    [{ EventConfig: config({ notifyMethod: 'mail' }) }, /of the form mailto:ann@example\.com/],
    [{ EventConfig: config({ notifyConfig: {} }) }, /needs a Url/],
    [{ EventConfig: config({ notifyConfig: { Url: 'ftp://s3cret.example' } }) }, /EventConfig/],
    [{ EventConfig: config({ notifyFilter: { a: 1 } }) }, /notifyFilter/],
    [{ EventConfig: 'x'.repeat(5000) }, /4096 is the limit/],
    [{ EventScope: 'NAMESPACE' }, /Namespaces/],
    [{ EventScope: 'REPO', Namespaces: '["team"]' }, /RepoNames/],
    [{ Namespaces: '["team"]' }, /Namespaces.*INSTANCE/],
    [{ RepoTagFilterPattern: '(' }, /not a regular expression/],
    [{ EventType: 'cr:Other' }, /EventType/],
    [{ RuleName: 'x'.repeat(65) }, /RuleName/],
    [{ EventChannel: 'MNS' }, /EVENT_BRIDGE/],
  ];
  for (const [params, message] of wrong) {
    const { status, body } = await rules.call('UpdateEventCenterRule', { RuleId, ...params });
    assert.equal(status, 400, JSON.stringify(params));
    assert.match(String(body.Message), message);
    assert.doesNotMatch(JSON.stringify(body), /s3cret/);
  }
});
