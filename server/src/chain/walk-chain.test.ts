import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { onlyOn } from '#db/testing/tested-database.ts';
import { takeBatch } from '#event/event-consumers.ts';
import { eventTransaction, insertEvent } from '#event/event-store.ts';
import { owner } from '#gateway/testing/caller.ts';
import { keepChildren } from '#image/manifest-store.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import type { Finding } from '#scan/advisory/finding.ts';
import { importOneAdvisory } from '#scan/testing/finished-scan.ts';
import { syncEvents } from '#sync/sync-events.ts';
import { isHeldByChain, isLetOutByChain } from './chain-events.ts';
import { gate, HIGH, setUp } from './testing/chained-repository.ts';

const NOTHING = { copies: [], calls: [] };

test('an image is replicated only after its scan, and triggers are called only after its replication', async (context) => {
  const chains = await setUp(context);
  await chains.chain(gate());
  await chains.push('v1', 1);
  assert.deepEqual(await chains.left(), NOTHING);
  assert.deepEqual(await chains.walks(), ['1 RUNNING -']);
  await chains.scanned([{ severity: 'Medium' }]);
  assert.deepEqual(await chains.left(), { copies: ['v1 1'], calls: [] });
  await chains.copied();
  assert.deepEqual(await chains.left(), { copies: ['v1 1'], calls: ['v1 1'] });
  assert.deepEqual(await chains.walks(), ['1 COMPLETE SUCCESS']);
  // The same image again: its scan is known, and each walk calls once.
  await chains.push('v2', 1);
  await chains.copied();
  assert.deepEqual(await chains.left(), { copies: ['v1 1', 'v2 1'], calls: ['v1 1', 'v2 1'] });
});

test('without a chain that scans, rules and triggers act on the push, once', async (context) => {
  const chains = await setUp(context);
  const one = await chains.chain(gate(HIGH, ['VULNERABILITY_SCANNING']));
  await chains.push('v1', 1);
  const left = async () => [(await chains.left()).calls, (await chains.left()).copies.length];
  assert.deepEqual(await left(), [['v1 1'], 1]);
  assert.deepEqual(await chains.walks(), ['1 COMPLETE SUCCESS']);
  await owner(chains.gateway, 'UpdateChain', { ...one, Name: 'c', ChainConfig: gate() });
  await chains.push('v2', 2);
  assert.deepEqual(await left(), [['v1 1'], 1]);
  await owner(chains.gateway, 'DeleteChain', one);
  await chains.push('v3', 3);
  assert.deepEqual(await left(), [['v1 1', 'v3 3'], 2]);
  // The walk in progress continues with its version of the deleted chain.
  await chains.scanned([]);
  await chains.copied();
  assert.deepEqual(await left(), [['v1 1', 'v3 3', 'v2 2'], 3]);
  assert.equal((await chains.walks())[0], '2 COMPLETE SUCCESS');
});

test('a copy that began before a chain, or whose push came before it, lets no image out that the chain holds', async (context) => {
  const chains = await setUp(context);
  await chains.push('v1', 1);
  const tagged = { instanceId: chains.InstanceId, namespaceName: 'team', name: 'app' };
  // Its event is not taken yet.
  await pushUnderTest(chains.db, tagged, { tag: 'v2', image: 2, nowMs: Date.now() });
  await chains.chain(gate());
  await chains.push('v1', 3);
  await chains.push('v2', 4);
  assert.deepEqual((await chains.left()).copies, ['v1 1', 'v2 2']);
});

test('what is said of an image after its walk follows it, where the chain let it out and still replicates', async (context) => {
  const chains = await setUp(context);
  const one = await chains.chain(gate());
  const say = async (subject: string) => {
    const said = { repoId: chains.RepoId, digest: `sha256:${'f'.repeat(64)}`, subject };
    await eventTransaction(chains.db, (trx) => insertEvent(trx, 'referrer_pushed', said, Date.now()));
    await chains.settle();
    return (await chains.left()).copies;
  };
  const first = await chains.push('v1', 1);
  assert.deepEqual(await say(first), [], 'it is scanned');
  await chains.scanned([]);
  assert.deepEqual(await say(first), ['v1 1', 'v1 1'], 'its copy may have passed the referrers');
  await chains.copied();
  assert.deepEqual(await say(first), ['v1 1', 'v1 1', 'v1 1']);
  await chains.push(`${first.replace(':', '-')}.sig`, 9, { isRunnable: false });
  assert.equal((await chains.left()).copies.length, 4, 'a signature of cosign is a tag');
  assert.deepEqual(await chains.walks(), ['1 COMPLETE SUCCESS'], 'and no image to scan');
  await chains.copied();
  const calls = [...(await chains.left()).calls];
  const second = await chains.push('v2', 2);
  await chains.scanned([{}]);
  assert.equal((await say(second)).length, 4, 'it was denied');
  await chains.push('v1', 3);
  assert.equal((await say(first)).length, 4, 'no tag points to it');
  await chains.push('v1', 1);
  await chains.copied();
  assert.equal((await say(first)).length, 6);
  await owner(chains.gateway, 'UpdateChain', { ...one, Name: 'c', ChainConfig: gate(HIGH, ['ACTIVATE_REPLICATION']) });
  assert.equal((await say(first)).length, 6, 'the chain no longer replicates');
  assert.deepEqual((await chains.left()).calls, [...calls, 'v1 1']);
});

test('what is said of an image does not follow it while a later push of its tag waits for its walk', async (context) => {
  const chains = await setUp(context);
  await chains.chain(gate());
  const first = await chains.push('v1', 1);
  await chains.scanned([]);
  await chains.copied();
  await chains.push('v1', 3);
  await chains.scanned([]);
  await chains.copied();
  const tagged = { instanceId: chains.InstanceId, namespaceName: 'team', name: 'app' };
  await pushUnderTest(chains.db, tagged, { tag: 'v1', image: 1, nowMs: Date.now() });
  const said = { repoId: chains.RepoId, digest: `sha256:${'f'.repeat(64)}`, subject: first };
  await eventTransaction(chains.db, (trx) => insertEvent(trx, 'referrer_pushed', said, Date.now()));
  const rules = syncEvents(chains.means, { isHeld: isHeldByChain, isLetOut: isLetOutByChain });
  await takeBatch(chains.db, rules);
  assert.deepEqual((await chains.left()).copies, ['v1 1', 'v1 3']);
  await chains.settle();
  await chains.copied();
  assert.deepEqual((await chains.left()).copies, ['v1 1', 'v1 3', 'v1 1'], 'the walk has it copied with its referrers');
  await eventTransaction(chains.db, (trx) => insertEvent(trx, 'referrer_pushed', said, Date.now()));
  await takeBatch(chains.db, rules);
  assert.equal((await chains.left()).copies.length, 4);
  const tasks = await chains.db.selectFrom('sync_task').select('referrers_only').orderBy('sequence').execute();
  const set = tasks.map(({ referrers_only }) => referrers_only);
  assert.deepEqual(set, [0, 0, 0, 1], 'and what comes later sets no tag');
});

test('an image that can be run has a walk under a tag that is named after another image, and only signatures and documents have none', async (context) => {
  const chains = await setUp(context);
  await chains.chain(gate());
  const name = (await chains.push('v1', 1)).replace(':', '-');
  const walksAfter = async (tag: string, image: number, isRunnable: boolean) => {
    await chains.push(tag, image, { isRunnable });
    return (await chains.walks()).length;
  };
  for (const ending of ['', '.sig', '.att', '.sbom'])
    assert.equal(await walksAfter(`${name}${ending}`, 2, false), 1, ending);
  assert.equal(await walksAfter(`${name}.sig`, 3, true), 2, 'it can be run');
  assert.equal(await walksAfter(`${name}.x`, 2, false), 3, 'no client looks for a signature there');
  const list = `sha256:${'a'.repeat(64)}`;
  await keepChildren(chains.db, chains.RepoId, `sha256:${'4'.padStart(64, '0')}`, [list]);
  await keepChildren(chains.db, chains.RepoId, list, [`sha256:${'2'.padStart(64, '0')}`]);
  assert.equal(await walksAfter(name, 4, false), 4, 'nobody knows what it lists');
  await chains.db
    .updateTable('manifest')
    .set({ state: 'hidden' })
    .where('digest', '=', name.replace('-', ':'))
    .execute();
  assert.equal(await walksAfter(`${name}.sig`, 2, false), 5, 'the image is deleted');
});

test('the last walk of an image is found by an index', {
  skip: onlyOn('sqlite', 'the plans are those of SQLite'),
}, async (context) => {
  const { db } = await setUp(context);
  const walk = db.selectFrom('chain_instance').selectAll().where('repo_id', '=', 'r').where('digest', '=', 'd');
  const last = walk.where('tag', '=', 't').orderBy('sequence', 'desc').limit(1);
  const plan = await last.explain<{ detail: string }>(undefined, sql`query plan`);
  assert.match(plan.map(({ detail }) => detail).join(), /chain_instance_by_image/);
});

test('a denied image is never replicated or passed to triggers, whatever the chain does to its tag', async (context) => {
  const chains = await setUp(context);
  const one = await chains.chain(gate());
  await chains.push('v1', 1);
  await chains.scanned([]);
  await chains.copied();
  const passed = await chains.left();
  const denied = async (Action: string, image: number) => {
    const ChainConfig = gate({ DenyPolicy: { ...HIGH.DenyPolicy, Action } });
    await owner(chains.gateway, 'UpdateChain', { ...one, Name: 'c', ChainConfig });
    await chains.push('v1', image);
    await chains.scanned([{}]);
    assert.deepEqual(await chains.left(), passed);
    const [walk = ''] = await chains.walks();
    assert.match(walk, /COMPLETE DENIED The image has 1 vulnerability of level HIGH or above/);
    return [walk.split('. ').at(-1), ...(await chains.tags())];
  };
  assert.deepEqual(await denied('BLOCK', 2), ['The tag stays.', 'v1 2']);
  // Its previous image was denied itself, so the tag does not go back to that.
  const kept = `v1-denied-${'0'.repeat(12)} 3`;
  assert.deepEqual(await denied('BLOCK_RETAG', 3), [`The tag was renamed to ${kept.replace(' 3', '')}.`, kept]);
  await chains.push('v1', 1);
  await chains.copied();
  const again = await chains.left();
  Object.assign(passed, again);
  assert.deepEqual((await denied('BLOCK_RETAG', 4)).slice(1), ['v1 1', kept]);
  assert.deepEqual((await denied('BLOCK_DELETE_TAG', 5)).slice(1), [kept]);
  const removed = await chains.db
    .selectFrom('tag_removed')
    .select('why')
    .where('name', '=', 'v1')
    .orderBy('sequence', 'desc')
    .executeTakeFirst();
  assert.equal(removed?.why, 'denied');
  assert.deepEqual(chains.gateway.faults, []);
});

test('a policy counts from its level, and joins its conditions by its logic', async (context) => {
  const chains = await setUp(context);
  const policies: [policy: object, findings: Partial<Finding>[], denied: boolean][] = [
    [{}, [{}], false],
    [{ IssueLevel: 'MEDIUM', IssueCount: '2' }, [{ severity: 'Medium' }], false],
    [{ IssueLevel: 'MEDIUM', IssueCount: '2' }, [{ severity: 'Medium' }, {}], true],
    [{ IssueLevel: 'HIGH' }, [{ severity: 'Medium' }], false],
    [{ IssueLevel: 'UNKNOWN' }, [{ severity: 'Unknown' }], true],
    [{ IssueCount: '1' }, [{ severity: 'Low' }], true],
    [{ IssueList: 'CVE-2023-10, cve-2023-1' }, [{ severity: 'Low' }], true],
    [{ IssueList: 'GHSA-1' }, [{ severity: 'Low' }], true],
    [{ IssueList: 'CVE-2023' }, [{}], false],
    [{ IssueLevel: 'HIGH', IssueList: 'CVE-9', Logic: 'AND' }, [{}], false],
    [{ IssueLevel: 'HIGH', IssueList: 'CVE-9', Logic: 'OR' }, [{}], true],
    [{ IssueLevel: 'HIGH', IssueList: 'CVE-2023-1', Logic: 'AND' }, [{}], true],
  ];
  const one = await chains.chain(gate());
  for (const [index, [DenyPolicy, findings, denied]] of policies.entries()) {
    const ChainConfig = gate({ DenyPolicy }, ['ACTIVATE_REPLICATION']);
    await owner(chains.gateway, 'UpdateChain', { ...one, Name: 'c', ChainConfig });
    await chains.push('v1', index + 1);
    await chains.scanned(findings);
    const [walk = ''] = await chains.walks();
    assert.match(walk, denied ? /DENIED/ : /SUCCESS/, `${JSON.stringify(DenyPolicy)}: ${walk}`);
  }
});

test('nothing leaves when the scanner fails, does not answer, knows nothing, or does not look for what a list names', async (context) => {
  const chains = await setUp(context, { advisories: false });
  const one = await chains.chain(gate({ ...HIGH, Retry: 1, Timeout: 60 }));
  await chains.push('v1', 1);
  assert.match((await chains.walks())[0] ?? '', /FAILED There is nothing to scan with/);
  await importOneAdvisory(chains.db, chains.InstanceId);
  await chains.push('v1', 2);
  await chains.scanned('the scanner is down');
  assert.equal((await chains.walks())[0], '1 RUNNING -');
  await chains.scanned('the scanner is still down');
  assert.equal((await chains.walks())[0], '1 COMPLETE FAILED The scan failed: the scanner is still down');
  await chains.push('v1', 3);
  await chains.waited();
  assert.equal((await chains.walks())[0], '1 RUNNING -');
  await chains.waited();
  assert.equal((await chains.walks())[0], '1 COMPLETE FAILED The scan had no result within 60 seconds');
  await chains.scanned([]);
  for (const list of ['MaliciousList', 'BaselineList']) {
    const ChainConfig = gate({ DenyPolicy: { [list]: 'a' } });
    await owner(chains.gateway, 'UpdateChain', { ...one, Name: 'c', ChainConfig });
    await chains.push('v1', 2);
    assert.match(
      (await chains.walks())[0] ?? '',
      new RegExp(`FAILED The scanner does not look for what ${list} names`),
    );
  }
  assert.deepEqual(await chains.left(), NOTHING);
});

test('a walk ends CANCELED when its tag moves on, and FAILED when a copy fails, and calls no trigger', async (context) => {
  const chains = await setUp(context);
  await chains.chain(gate());
  await chains.push('v1', 1);
  await chains.push('v1', 2);
  await chains.scanned([]);
  assert.deepEqual(await chains.walks(), [
    '1 RUNNING -',
    '1 CANCELED CANCELED The tag v1 was set to another image, or removed.',
  ]);
  await chains.scanned([]);
  await chains.copied('FAILED');
  assert.match((await chains.walks())[0] ?? '', /FAILED Replication failed: rst-.*: unreachable/);
  assert.deepEqual(await chains.left(), { copies: ['v1 2'], calls: [] });
});

test('a chain of a namespace is for its repositories without one of their own that it does not exclude', async (context) => {
  const chains = await setUp(context);
  const { gateway, InstanceId } = chains;
  const whole = { InstanceId, RepoNamespaceName: 'team' };
  await owner(gateway, 'CreateChain', { ...whole, Name: 'n', ChainConfig: gate(), 'ScopeExclude.1': 'lib,copy' });
  await chains.push('v1', 1, { name: 'copy' });
  assert.deepEqual(await chains.walks(), []);
  await chains.push('v1', 1);
  await chains.chain(gate(HIGH, ['VULNERABILITY_SCANNING']));
  await chains.push('v2', 2);
  const { ChainInstances, TotalCount } = await owner(gateway, 'ListChainInstance', { ...whole, RepoName: 'app' });
  assert.equal(TotalCount, 2);
  assert.deepEqual(
    ChainInstances.map(
      ({ Chain, Status }: { Chain: { ChainName: string }; Status: string }) => `${Chain.ChainName} ${Status}`,
    ),
    ['c COMPLETE', 'n RUNNING'],
  );
  assert.deepEqual((await owner(gateway, 'ListChainInstance', { ...whole, RepoName: 'copy' })).ChainInstances, []);
});
