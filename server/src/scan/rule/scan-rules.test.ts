import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeBatch } from '#event/event-consumers.ts';
import { listEvents } from '#event/event-store.ts';
import { callAs, owner } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import { scanEvents } from '../scan-events.ts';
import { importOneAdvisory } from '../testing/finished-scan.ts';

const RULE = { RuleName: 'r', ScanScope: 'INSTANCE', TriggerType: 'AUTO', RepoTagFilterPattern: '.*' };

async function setUp() {
  const gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  for (const NamespaceName of ['team', 'other']) {
    await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName });
    for (const RepoName of ['app', 'lib']) {
      const named = { InstanceId, RepoNamespaceName: NamespaceName, RepoName };
      await owner(gateway, 'CreateRepository', { ...named, RepoType: 'PRIVATE', Summary: 's' });
    }
  }
  return { gateway, InstanceId };
}

test('creates a rule of each scope, reads it back as it was sent, replaces it, lists it by its type and removes it', async () => {
  const { gateway, InstanceId } = await setUp();
  await using _ = gateway;
  const scopes = [
    { ...RULE, RuleName: 'all', ScanType: 'SBOM' },
    { ...RULE, RuleName: 'two', ScanScope: 'NAMESPACE', Namespaces: '["team","other"]', TriggerType: 'MANUAL' },
    {
      ...RULE,
      RuleName: 'one',
      ScanScope: 'REPO',
      Namespaces: '["team"]',
      RepoNames: '["app"]',
      RepoTagFilterPattern: ' v.*',
    },
  ];
  const ids: string[] = [];
  for (const given of scopes) {
    const { ScanRuleId, Code } = await owner(gateway, 'CreateScanRule', { InstanceId, ...given });
    assert.match(String(ScanRuleId), /^crscnr-[a-z0-9]{16}$/);
    assert.equal(Code, 0);
    ids.push(String(ScanRuleId));
  }
  const one = { InstanceId, ScanRuleId: ids[2] ?? '' };
  const { ScanRule } = await owner(gateway, 'GetScanRule', one);
  const { CreateTime, UpdateTime, ...words } = ScanRule as Record<string, unknown>;
  assert.deepEqual([typeof CreateTime, typeof UpdateTime], ['number', 'number']);
  assert.deepEqual(words, {
    InstanceId,
    ScanRuleId: ids[2],
    RuleName: 'one',
    ScanScope: 'REPO',
    TriggerType: 'AUTO',
    ScanType: 'VUL',
    Namespaces: ['team'],
    RepoNames: ['app'],
    RepoTagFilterPattern: ' v.*',
  });
  await owner(gateway, 'UpdateScanRule', { ...one, ...RULE, RuleName: 'renamed' });
  const changed = (await owner(gateway, 'GetScanRule', one)).ScanRule as Record<string, unknown>;
  assert.deepEqual([changed.RuleName, changed.Namespaces, changed.RepoNames], ['renamed', [], []]);
  const names = async (params: object) => {
    const { ScanRules, TotalCount } = await owner(gateway, 'ListScanRule', { InstanceId, ...params });
    return [TotalCount, ...(ScanRules as { RuleName: string }[]).map(({ RuleName }) => RuleName)];
  };
  assert.deepEqual(await names({}), [2, 'two', 'renamed']);
  assert.deepEqual(await names({ ScanType: 'SBOM' }), [1, 'all']);
  assert.deepEqual(await names({ PageSize: '1', PageNo: '2' }), [2, 'renamed']);
  await owner(gateway, 'DeleteScanRule', one);
  const { status, body } = await callAs(gateway, gateway, 'DeleteScanRule', one);
  assert.deepEqual([status, body.Code], [404, 'SCAN_RULE_NOT_EXIST']);
});

test('refuses, naming the parameter, a rule that contradicts itself or names something that does not exist', async () => {
  const { gateway, InstanceId } = await setUp();
  await using _ = gateway;
  await owner(gateway, 'CreateScanRule', { InstanceId, ...RULE });
  const repo = { ScanScope: 'REPO', Namespaces: '["team"]', RepoNames: '["app"]' };
  for (const [given, status, code, parameter] of [
    [{}, 409, 'SCAN_RULE_ALREADY_EXIST', 'r'],
    [{ RuleName: 'x'.repeat(65) }, 400, 'InvalidParameter', 'RuleName'],
    [{ ScanScope: 'ALL' }, 400, 'InvalidParameter', 'ScanScope'],
    [{ TriggerType: 'ALL' }, 400, 'InvalidParameter', 'TriggerType'],
    [{ ScanType: 'cve' }, 400, 'InvalidParameter', 'ScanType'],
    [{ RepoTagFilterPattern: '(' }, 400, 'InvalidParameter.RepoTagFilterPattern', 'RepoTagFilterPattern'],
    [{ Namespaces: '["team"]' }, 400, 'InvalidParameter', 'Namespaces'],
    [{ ScanScope: 'NAMESPACE' }, 400, 'MissingParameter', 'Namespaces'],
    [{ ScanScope: 'NAMESPACE', Namespaces: '["team"]', RepoNames: '["app"]' }, 400, 'InvalidParameter', 'RepoNames'],
    [{ ...repo, RepoNames: '[]' }, 400, 'MissingParameter', 'RepoNames'],
    [{ ...repo, Namespaces: '["team","other"]' }, 400, 'InvalidParameter', 'Namespaces'],
    [{ ...repo, RepoNames: JSON.stringify(new Array(101).fill('app')) }, 400, 'InvalidParameter', 'RepoNames'],
    [{ ...repo, Namespaces: '["none"]' }, 404, 'NAMESPACE_NOT_EXIST', ''],
    [{ ...repo, RepoNames: '["none"]' }, 404, 'REPO_NOT_EXIST', ''],
  ] as const) {
    const { status: got, body } = await callAs(gateway, gateway, 'CreateScanRule', { InstanceId, ...RULE, ...given });
    assert.deepEqual([got, body.Code], [status, code], JSON.stringify(given));
    assert.ok(String(body.Message).includes(parameter), String(body.Message));
  }
});

test('a rule scans exactly the images whose tags it matches, once for each image, and a manual rule scans none', async () => {
  const { gateway, InstanceId } = await setUp();
  await using _ = gateway;
  const { db } = gateway.means;
  const consumer = scanEvents(InstanceId, false);
  await listEvents(db, consumer.name, 1);
  await importOneAdvisory(db, InstanceId);
  const repo = {
    ...RULE,
    ScanScope: 'REPO',
    Namespaces: '["team"]',
    RepoNames: '["app"]',
    RepoTagFilterPattern: 'v\\d+',
  };
  await owner(gateway, 'CreateScanRule', { InstanceId, ...repo });
  await owner(gateway, 'CreateScanRule', { InstanceId, ...RULE, RuleName: 'manual', TriggerType: 'MANUAL' });
  for (const [namespaceName, name, tag, image] of [
    ['team', 'app', 'v1', 1],
    ['team', 'app', 'v2', 1],
    ['team', 'app', 'v3', 3],
    ['team', 'app', 'latest', 4],
    ['team', 'lib', 'v1', 5],
    ['other', 'app', 'v1', 6],
  ] as const)
    await pushUnderTest(db, { instanceId: InstanceId, namespaceName, name }, { tag, image, nowMs: 1 });
  assert.equal(await takeBatch(db, consumer), 6);
  const scans = await db.selectFrom('scan').select(['digest', 'scan_type']).orderBy('sequence').execute();
  assert.deepEqual(
    scans.map(({ digest }) => Number(digest.replace('sha256:', ''))),
    [1, 3],
  );
});

test('a rule without advisories does not stop pushes, and scans later ones', async () => {
  const { gateway, InstanceId } = await setUp();
  await using _ = gateway;
  const { db } = gateway.means;
  const consumer = scanEvents(InstanceId, false);
  await listEvents(db, consumer.name, 1);
  await owner(gateway, 'CreateScanRule', { InstanceId, ...RULE });
  const app = { instanceId: InstanceId, namespaceName: 'team', name: 'app' };
  await pushUnderTest(db, app, { tag: 'a', image: 1, nowMs: 1 });
  await takeBatch(db, consumer);
  await importOneAdvisory(db, InstanceId);
  await pushUnderTest(db, app, { tag: 'b', image: 2, nowMs: 1 });
  await takeBatch(db, consumer);
  assert.equal((await db.selectFrom('scan').select('scan_id').execute()).length, 1);
});
