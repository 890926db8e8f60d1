import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { callNative } from '../../client/src/call-native.ts';
import { importAdvisory } from '../support/images/openssl-advisory.ts';
import { pushDebian } from '../support/images/pushed-debian.ts';
import { slipway, startServer, type TestServer } from '../support/slipway.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'starts a server: runs with SLIPWAY_TEST_LONG=1';

/** The newest walk of team/app, once it has ended. */
async function walk({ client }: TestServer, tag: string) {
  for (;;) {
    const { ChainInstances } = await callNative(client, 'listChainInstances', { namespace: 'team', name: 'app' });
    const [newest] = ChainInstances;
    if (newest?.Tag === tag && newest.Status !== 'RUNNING') return newest;
    await sleep(100);
  }
}

test('a server copies an image only once its scan has passed, and never one with a vulnerability that its chain denies', {
  skip: SKIP,
}, async (t) => {
  const server = await startServer(t);
  const { client, root } = server;
  const { InstanceId, RegionId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const about = { RepoNamespaceName: 'team', RepoType: 'PRIVATE', Summary: 's' } as const;
  for (const RepoName of ['app', 'copy']) await client.call('CreateRepository', { InstanceId, RepoName, ...about });
  await client.call('CreateRepoSyncRule', {
    InstanceId,
    NamespaceName: 'team',
    RepoName: 'app',
    SyncRuleName: 'r',
    SyncScope: 'REPO',
    TagFilter: '.*',
    TargetInstanceId: InstanceId,
    TargetRegionId: RegionId,
    TargetNamespaceName: 'team',
    TargetRepoName: 'copy',
  });
  const named = { InstanceId, RepoNamespaceName: 'team' };
  const tagsOf = async (RepoName: string) => {
    const { RepoId = '' } = await client.call('GetRepository', { ...named, RepoName });
    const { Images = [] } = await client.call('ListRepoTag', { InstanceId, RepoId });
    return Images.map(({ Tag }) => Tag).sort();
  };
  const chain = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await slipway(['chain', ...args, '--data', server.dataFolder]);
    return { code, stdout, stderr };
  };
  const made = await chain('create', 'release', 'team/app', '--deny', 'high', '--denied-tag', 'delete', '--retry', '0');
  assert.match(made.stdout, /^chi-\w+\n$/, made.stderr);
  const twice = await chain('create', 'other', 'team/app');
  assert.deepEqual([twice.code, twice.stderr.includes('already has the delivery chain release')], [3, true]);
  const wrong = await chain('enable', 'release', 'everything');
  assert.deepEqual([wrong.code, wrong.stderr.includes('choose one of scan, replication, triggers')], [2, true]);

  await pushDebian(server, 'team/app', 'unknown');
  const unknown = await walk(server, 'unknown');
  assert.match(`${unknown.Result} ${unknown.Reason}`, /^FAILED There is nothing to scan with/);
  await importAdvisory(server, 'CVE-2022-1', '3.0.1-1');
  await pushDebian(server, 'team/app', 'v1');
  assert.equal((await walk(server, 'v1')).Result, 'SUCCESS');
  assert.deepEqual(await tagsOf('copy'), ['v1']);

  await importAdvisory(server, 'CVE-2023-1', '3.0.10-1');
  await pushDebian(server, 'team/app', 'v2');
  const denied = await walk(server, 'v2');
  assert.match(`${denied.Result} ${denied.Reason}`, /^DENIED .*1 vulnerability of level HIGH or above.*removed/);
  assert.equal((await chain('update', 'release', '--denied-tag', 'retag')).code, 0);
  await pushDebian(server, 'team/app', 'v3');
  assert.match(String((await walk(server, 'v3')).Reason), /v3-denied-[0-9a-f]{12}/);
  const tags = await tagsOf('app');
  assert.deepEqual(
    tags.map((tag) => tag?.replace(/-[0-9a-f]{12}$/, '')),
    ['unknown', 'v1', 'v3-denied'],
  );
  assert.deepEqual(await tagsOf('copy'), ['v1']);

  const listed = await chain('list');
  assert.match(listed.stdout, /^release +team\/app {2}denies a vulnerability of severity high or above\n$/);
  const ways = await chain('executions', 'team/app');
  const rows = ways.stdout.split('\n').map((row) => /(?<=team\/app:\w+) +release {2}\w+/.exec(row)?.[0].trim());
  assert.deepEqual(
    rows.slice(0, 4),
    ['denied', 'denied', 'passed', 'failed'].map((end) => `release  ${end}`),
  );
  assert.equal((await chain('disable', 'release', 'scan')).code, 0);
  const shown = await chain('show', 'release');
  assert.match(shown.stdout, /release \(chi-\w+\), version 3\n/);
  assert.match(shown.stdout, /scan +off: the chain holds no image back\n/);
  assert.match(shown.stdout, /then +the tag goes back to its previous image\n/);
  assert.equal((await chain('delete', 'release')).code, 0);
  assert.match((await chain('list')).stderr, /no delivery chains yet/);
});
