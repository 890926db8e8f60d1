import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishDeletions } from '../../../server/src/build/delete-repository.ts';
import { insertBuildRecordUnderTest } from '../../../server/src/build/testing/insert-build-record.ts';
import { startGatewayUnderTest } from '../../../server/src/gateway/testing/gateway.ts';
import { documentsOf, runLines, succeeded } from '../testing/run-lines.ts';

const DELETION_MS = 300;

test('namespaces, repositories and build rules are created, listed, shown, changed and deleted from the command line', async () => {
  // As a server does: what is deleted is gone a moment later.
  const buildQueued = () =>
    void setTimeout(() => void finishDeletions(gateway.means.db, () => Promise.resolve()), DELETION_MS);
  await using gateway = await startGatewayUnderTest({ means: { buildQueued } });
  const made = await runLines(gateway, [
    'namespace create team --auto-create on --type public',
    'namespace set team --immutable-tags on',
    'namespace show team --json',
    'namespace list',
    'repo create team/app --type private --json',
    ['repo', 'set', 'team/app', '--summary', 'the app'],
    'repo set team/app --type public',
    'repo show team/app --json',
    'repo list team --json',
    'rule create team/app main v1 --dockerfile build/Dockerfile --json',
  ]);
  succeeded(made);
  const [, , namespace, namespaces, , , , repo, repos, rule] = made;
  assert.ok(namespace && namespaces && repo && repos && rule);
  const [shown] = documentsOf(namespace);
  assert.deepEqual(
    [shown?.NamespaceName, shown?.AutoCreateRepo, shown?.DefaultRepoType, shown?.DefaultRepoConfiguration],
    ['team', true, 'PUBLIC', { RepoType: 'PUBLIC', TagImmutability: true }],
  );
  assert.match(namespaces.stdout, /^team +a push creates public repositories$/m);
  const [app] = documentsOf(repo);
  assert.deepEqual([app?.RepoType, app?.Summary, app?.RequestId], ['PUBLIC', 'the app', undefined]);
  assert.deepEqual(
    documentsOf(repos).map(({ RepoName }) => RepoName),
    ['app'],
  );
  const id = String(documentsOf(rule)[0]?.BuildRuleId);
  const [changed, listed, refused, ...ended] = await runLines(gateway, [
    `rule set team/app ${id} --git-tag v$version --image-tag $version`,
    'rule list team/app',
    'repo delete team/app',
    `rule delete team/app ${id} --yes`,
    'repo delete team/app --yes',
    'repo list team',
    'namespace set team',
    'namespace delete team --yes',
  ]);
  assert.equal(changed?.code, 0, changed?.stderr);
  assert.match(listed?.stdout ?? '', new RegExp(`^${id} +tag v\\$version +as \\$version +build/Dockerfile +linux/`));
  assert.equal(refused?.code, 2);
  assert.match(refused?.stderr ?? '', /deletes team\/app with its images and builds; add --yes/);
  assert.deepEqual(
    ended.map(({ code }) => code),
    [0, 0, 0, 2, 0],
  );
  assert.equal(ended[2]?.stdout, '', 'it is gone when the command ends');
});

test('a repository is bound to a source and to another one, and pushes start builds unless they are switched off', async () => {
  await using gateway = await startGatewayUnderTest();
  const [, , first, hook, second, off, wrong] = await runLines(gateway, [
    'namespace create team',
    'repo create team/app',
    'source bind team/app GITLAB group/sub/app',
    'source hook team/app',
    'source bind team/app github owner/app --auto-build off --json',
    'source hook team/app',
    'source bind team/app GITLAB app',
  ]);
  assert.match(first?.stderr ?? '', /team\/app is built from group\/sub\/app at GITLAB; pushes build it by its rules/);
  assert.doesNotMatch(hook?.stderr ?? '', /build nothing/);
  assert.equal(second?.code, 0, second?.stderr);
  const [bound] = second === undefined ? [] : documentsOf(second);
  assert.deepEqual([bound?.CodeRepoType, bound?.CodeRepoNamespaceName, bound?.AutoBuild], ['GITHUB', 'owner', false]);
  assert.match(off?.stderr ?? '', /pushes build nothing until slipway source bind switches it on/);
  assert.equal(wrong?.code, 2);
  assert.match(wrong?.stderr ?? '', /app is not a repository of a code host; write OWNER\/NAME/);
});

test('a build is named by its id, a unique beginning of it, latest or its repository, and an ambiguous beginning lists the builds that it may mean', async () => {
  let last = 0;
  const id = (nibble: string) => `abcd${nibble}000-0000-4000-8000-00000000000${last++}`;
  await using gateway = await startGatewayUnderTest();
  await succeeded(await runLines(gateway, ['namespace create team', 'repo create team/app', 'repo create team/other']));
  const { db } = gateway.means;
  const repositories = await db.selectFrom('repository').selectAll().orderBy('name').execute();
  const [app, other] = repositories;
  assert.ok(app && other);
  const builds: string[] = [];
  for (const [repo, nibble] of [
    [app, '1'],
    [app, '2'],
    [other, '2'],
  ] as const) {
    const buildRecordId = id(nibble);
    builds.push(buildRecordId);
    const key = { instanceId: gateway.instanceId, repoId: repo.repo_id, buildRecordId, createdMs: 1000 + last };
    await insertBuildRecordUnderTest(db, key);
  }
  const [first = '', second = '', third = ''] = builds;
  const results = await runLines(gateway, [
    'cancel abcd1 --json',
    'cancel abcd2',
    'cancel team/app --json',
    'cancel latest --json',
    'cancel beef',
    'cancel abc',
    'rebuild ABCD1 --detach --json',
  ]);
  const [byPrefix, ambiguous, ofRepository, latest, none, short, again] = results;
  const cancelled = (result: (typeof results)[number] | undefined) => result && documentsOf(result)[0]?.BuildRecordId;
  assert.deepEqual([byPrefix, ofRepository, latest].map(cancelled), [first, second, third]);
  assert.equal(ambiguous?.code, 2);
  for (const each of [second, third]) assert.ok(ambiguous?.stderr.includes(`\n  ${each}  `), ambiguous?.stderr);
  assert.match(none?.stderr ?? '', /no build begins with beef/);
  assert.equal(none?.code, 3);
  assert.match(short?.stderr ?? '', /"abc" is not a build: give a BuildRecordId, at least 4 characters/);
  assert.equal(short?.code, 2);
  assert.equal(again?.code, 0, again?.stderr);
  await db.updateTable('build_record').set({ status: 'FAILED' }).where('build_record_id', '=', first).execute();
  const [ended] = await runLines(gateway, ['cancel abcd1']);
  assert.equal(ended?.code, 0);
  assert.match(ended?.stderr ?? '', /has already ended: FAILED/);
  const statuses = await db.selectFrom('build_record').select(['cancel_requested']).orderBy('sequence').execute();
  assert.deepEqual(
    statuses.map((each) => each.cancel_requested),
    [1, 1, 1, 0],
  );
});
