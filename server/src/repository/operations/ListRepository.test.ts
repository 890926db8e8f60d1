import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callAs, makeUser, owner, policy } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';

test('lists and counts of repositories and namespaces leave out those that a policy denies to the caller', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  for (const [RepoNamespaceName, ...names] of [
    ['secret', 'vault'],
    ['team', 'app', 'web'],
  ] as const) {
    await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: RepoNamespaceName });
    for (const RepoName of names) {
      const repository = { RepoNamespaceName, RepoName, RepoType: 'PRIVATE', Summary: 'x' };
      await owner(gateway, 'CreateRepository', { InstanceId, ...repository });
    }
  }
  const place = (path: string) => `acs:cr:*:*:repository/${InstanceId}/${path}`;
  const { Statement } = policy('Allow', 'cr:*') as { Statement: object[] };
  const except = (action: string, ...paths: string[]) => ({
    Version: '1',
    Statement: [...Statement, { Effect: 'Deny', Action: action, Resource: paths.map(place) }],
  });
  const callers = {
    all: [await makeUser(gateway, 'all', policy('Allow', 'cr:*')), ['secret/vault', 'team/app', 'team/web'], 2],
    other: [
      await makeUser(gateway, 'other', except('cr:Get*', 'secret*')),
      ['secret/vault', 'team/app', 'team/web'],
      2,
    ],
    some: [await makeUser(gateway, 'some', except('cr:*', 'secret/*')), ['team/app', 'team/web'], 2],
    fewer: [await makeUser(gateway, 'fewer', except('cr:*', 'secret*', '*/web')), ['team/app'], 1],
  } as const;
  for (const [name, [key, repositories, namespaces]] of Object.entries(callers)) {
    const listed = (await callAs(gateway, key, 'ListRepository', { InstanceId, PageSize: '1', PageNo: '1' })).body;
    assert.equal(listed.TotalCount, String(repositories.length), name);
    const { Repositories } = (await callAs(gateway, key, 'ListRepository', { InstanceId })).body;
    const names = Repositories.map((one: Record<string, string>) => `${one.RepoNamespaceName}/${one.RepoName}`);
    assert.deepEqual(names, repositories, name);
    assert.equal(
      (await callAs(gateway, key, 'ListNamespace', { InstanceId })).body.TotalCount,
      String(namespaces),
      name,
    );
  }
});

test('paging by token lists each repository once, even if others are created meanwhile, and refuses another list’s token', async () => {
  await using gateway = await startGatewayUnderTest();
  const { instanceId: InstanceId } = gateway;
  await owner(gateway, 'CreateNamespace', { InstanceId, NamespaceName: 'team' });
  const make = (RepoName: string) =>
    owner(gateway, 'CreateRepository', {
      InstanceId,
      RepoNamespaceName: 'team',
      RepoName,
      RepoType: 'PRIVATE',
      Summary: 'x',
    });
  for (const name of ['b', 'd', 'f', 'h', 'j']) await make(name);
  const seen: string[] = [];
  let NextToken = '';
  for (let MaxResults = 1; MaxResults === 1 || NextToken !== ''; MaxResults = 2) {
    const asked = { InstanceId, MaxResults: String(MaxResults), ...(NextToken === '' ? {} : { NextToken }) };
    const body = await owner(gateway, 'ListRepository', asked);
    assert.deepEqual([body.MaxResults, body.PageNo, body.PageSize], [MaxResults, undefined, undefined]);
    seen.push(...body.Repositories.map((one: { RepoName: string }) => one.RepoName));
    NextToken = body.NextToken;
    // One before the next page's first, and one after it.
    if (seen.length === 3) for (const name of ['a', 'i']) await make(name);
  }
  assert.deepEqual(seen, ['b', 'd', 'f', 'h', 'i', 'j']);

  const { NextToken: token } = await owner(gateway, 'ListRepository', { InstanceId, MaxResults: '1' });
  const named = { InstanceId, RepoName: 'b', NextToken: token };
  const { status, body } = await callAs(gateway, gateway, 'ListRepository', named);
  assert.deepEqual([status, body.Code], [400, 'InvalidParameter']);
  assert.match(body.Message, /"NextToken"/);
});
