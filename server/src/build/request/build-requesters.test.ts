import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, type KeyUnderTest, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import type { Action } from '#rpc/spec.gen.ts';
import { findBuildRecord, insertBuildRecord } from '../build-store.ts';
import { type RepositoryUnderTest, startRepositoryUnderTest } from '../testing/repository.ts';
import { beginRefusal, pullRefusal } from './requester-rights.ts';

const BUILD = ['cr:Build*', 'cr:Get*', 'cr:Update*', 'cr:Create*'];
const PULL = 'cr:PullRepository';

test('a build by a rule reads only what its caller and the authors of the rule and source may all pull, whichever of them calls', async () => {
  await using repository = await startRepositoryUnderTest();
  const { may, none } = await makeBoth(repository);
  const BuildRuleId = await repository.addRule();
  for (const [rule, source, caller] of threes([may, none])) {
    await takeRule(repository, rule, BuildRuleId);
    await takeSource(repository, source);
    const refusal = await pullsOf(
      repository,
      await queued(repository, caller, 'CreateBuildRecordByRule', { BuildRuleId }),
    );
    const who = `rule by ${rule.name}, source by ${source.name}, called by ${caller.name}`;
    if ([rule, source, caller].includes(none))
      assert.match(refusal ?? '', /^no policy allows cr:PullRepository .*user\/none, who/, who);
    else assert.equal(refusal, undefined, who);
  }
});

test('a repeated build reads only what its caller and those who decided what it builds may all pull, however often it is repeated', async () => {
  await using repository = await startRepositoryUnderTest();
  const { may, none } = await makeBoth(repository);
  const BuildRuleId = await repository.addRule();
  const again = (caller: Caller, BuildRecordId: string) =>
    queued(repository, caller, 'CreateBuildRecordByRecord', { BuildRecordId });
  const refusal = (id: string) => pullsOf(repository, id);

  await takeRule(repository, none, BuildRuleId);
  await takeSource(repository, may);
  const byRule = await queued(repository, may, 'CreateBuildRecordByRule', { BuildRuleId });
  await takeRule(repository, may, BuildRuleId);
  assert.match((await refusal(await again(may, byRule))) ?? '', /user\/none, who made or last changed its build rule/);
  assert.match((await refusal(await again(may, await again(may, byRule)))) ?? '', /user\/none, who made or last/);

  const good = await queued(repository, may, 'CreateBuildRecordByRule', { BuildRuleId });
  assert.equal(await refusal(await again(may, good)), undefined);
  const byNone = await again(none, good);
  assert.match((await refusal(byNone)) ?? '', /user\/none, who requested this build$/);
  assert.equal(await refusal(await again(may, byNone)), undefined, 'someone who only repeated it decided nothing');

  const sent = async (caller: Caller | undefined) => {
    const first = await findBuildRecord(
      repository.gateway.means.db,
      await queued(repository, caller ?? may, 'CreateBuildRecordByRule', { BuildRuleId }),
    );
    assert.ok(first);
    const buildRecordId = `sent-by-${caller?.name}`;
    const { buildRuleId: _, requesters, ...record } = first;
    await insertBuildRecord(repository.gateway.means.db, {
      ...record,
      buildRecordId,
      requesters: caller && requesters?.slice(0, 1),
      trigger: 'call',
    });
    return buildRecordId;
  };
  assert.equal(await refusal(await again(may, await sent(may))), undefined);
  const ofNone = await again(may, await sent(none));
  assert.match((await refusal(ofNone)) ?? '', /user\/none, who requested the build that it repeats$/);
  assert.match((await refusal(await again(may, ofNone))) ?? '', /user\/none, who requested the build that it repeats$/);
  const old = await refusal(await again(may, await sent(undefined)));
  assert.match(old ?? '', /^it is not known who requested the build that it repeats.*request a new build/);

  const begins = (id: string) => begin(repository, id);
  assert.equal(await begins(ofNone), undefined);
  await owner(repository.gateway, 'DetachPolicyFromUser', {
    PolicyType: 'Custom',
    PolicyName: 'of-none',
    UserName: 'none',
  });
  assert.match(
    (await begins(ofNone)) ?? '',
    /^no policy allows cr:BuildRepositoryByRule .*user\/none, who requested the build that it repeats/,
  );
});

interface Caller {
  name: string;
  key: KeyUnderTest;
}

/** One user who may build and pull, and one who may only build. */
async function makeBoth({ gateway }: RepositoryUnderTest): Promise<{ may: Caller; none: Caller }> {
  const may = { name: 'may', key: await makeUser(gateway, 'may', policy('Allow', [...BUILD, PULL])) };
  return { may, none: { name: 'none', key: await makeUser(gateway, 'none', policy('Allow', BUILD)) } };
}

function threes<T>(of: readonly T[]): [T, T, T][] {
  return of.flatMap((a) => of.flatMap((b) => of.map((c): [T, T, T] => [a, b, c])));
}

async function callBy(
  { gateway, repoId }: RepositoryUnderTest,
  { key }: Caller,
  action: Action,
  params: Record<string, string>,
) {
  const { status, body } = await callAs(gateway, key, action, {
    InstanceId: gateway.instanceId,
    RepoId: repoId,
    ...params,
  });
  assert.equal(status, 200, JSON.stringify(body));
  return body;
}

async function queued(repository: RepositoryUnderTest, caller: Caller, action: Action, params: Record<string, string>) {
  return String((await callBy(repository, caller, action, params)).BuildRecordId);
}

function takeRule(repository: RepositoryUnderTest, by: Caller, BuildRuleId: string) {
  const rule = { PushType: 'GIT_BRANCH', PushName: 'main', ImageTag: 'latest' };
  return callBy(repository, by, 'UpdateRepoBuildRule', { BuildRuleId, ...rule });
}

function takeSource(repository: RepositoryUnderTest, by: Caller) {
  const code = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' };
  return callBy(repository, by, 'UpdateRepoSourceCodeRepo', code);
}

async function pullsOf({ gateway }: RepositoryUnderTest, id: string): Promise<string | undefined> {
  const record = await findBuildRecord(gateway.means.db, id);
  assert.ok(record);
  return pullRefusal(gateway.means, record, 'secret/vault');
}

async function begin({ gateway }: RepositoryUnderTest, id: string): Promise<string | undefined> {
  const record = await findBuildRecord(gateway.means.db, id);
  assert.ok(record);
  return beginRefusal(gateway.means, record, 'team/app');
}
