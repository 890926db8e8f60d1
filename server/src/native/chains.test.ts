import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT_AUTHOR } from '#account/rule-author.ts';
import { DEFAULT_CONFIG } from '#chain/chain.ts';
import { chainEvents } from '#chain/chain-events.ts';
import { insertChain } from '#chain/chain-store.ts';
import { takeBatch } from '#event/event-consumers.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import { ensureRepository } from '#repository/repository-store.ts';
import type { NativeOperations } from '#rpc/native-types.gen.ts';
import { startApiUnderTest } from './testing/api.ts';

test('chains are listed with the names of their repositories and what they do, and their images with tags, in pages', async (t) => {
  const { endpoint, authorization, means } = await startApiUnderTest(t);
  const { db } = means;
  const get = async <Name extends 'listChains' | 'listChainInstances'>(path: string) =>
    (await (
      await fetch(`${endpoint}/api/v1${path}`, { headers: { authorization } })
    ).json()) as NativeOperations[Name]['reply'];
  const consumer = chainEvents(means);
  await takeBatch(db, consumer);
  const app = await db.selectFrom('repository').selectAll().executeTakeFirstOrThrow();
  const shared = { instanceId: app.instance_id, namespaceName: 'team' };
  for (const name of ['lib', 'web'])
    await ensureRepository(db, {
      ...shared,
      repoId: `crr-${name}`,
      name,
      type: 'PRIVATE',
      summary: '',
      detail: undefined,
      status: 'NORMAL',
      tagImmutability: false,
      createdMs: 1,
      modifiedMs: 1,
    });
  const times = { description: undefined, createdMs: 1, modifiedMs: 2 };
  const scope = { scopeType: 'REPOSITORY' as const, scopeId: app.repo_id, repoName: 'app', scopeExclude: [] };
  const one = { ...shared, ...times, ...scope, chainId: 'chi-1', name: 'release' };
  await insertChain(db, one, { configId: 'cci-1', config: DEFAULT_CONFIG, author: ACCOUNT_AUTHOR });
  const wide = { scopeType: 'NAMESPACE' as const, scopeId: 'crn-test', repoName: undefined, scopeExclude: ['lib'] };
  const two = { ...shared, ...times, ...wide, chainId: 'chi-2', name: 'others' };
  await insertChain(db, two, { configId: 'cci-2', config: DEFAULT_CONFIG, author: ACCOUNT_AUTHOR });

  const first = await get<'listChains'>('/chains?limit=1');
  const [{ ChainConfig, ...chain } = assert.fail()] = first.Chains;
  assert.deepEqual(JSON.parse(ChainConfig), DEFAULT_CONFIG);
  assert.deepEqual(chain, {
    ChainId: 'chi-1',
    Name: 'release',
    Namespace: 'team',
    RepoName: 'app',
    ScopeExclude: [],
    Version: 1,
    ModifiedTime: 2,
  });
  const second = await get<'listChains'>(`/chains?limit=1&cursor=${first.Cursor}`);
  const [{ Name, RepoName, ScopeExclude } = assert.fail()] = second.Chains;
  assert.deepEqual([Name, RepoName, ScopeExclude, second.Cursor], ['others', undefined, ['lib'], undefined]);

  for (const [name, tag] of [
    ['app', 'v1'],
    ['web', 'v2'],
    ['web', 'v3'],
    ['lib', 'v4'],
  ] as const) {
    await pushUnderTest(db, { ...shared, name }, { tag, image: 1, nowMs: means.now() });
    await takeBatch(db, consumer);
  }
  const shown = async (query: string) => {
    const { ChainInstances, Cursor } = await get<'listChainInstances'>(`/chain-instances?${query}`);
    const rows = ChainInstances.map((each) => `${each.Repository}:${each.Tag} ${each.Result}`);
    return { rows, Cursor };
  };
  const page = await shown('limit=2');
  assert.deepEqual(page.rows, ['team/web:v3 SUCCESS', 'team/web:v2 SUCCESS']);
  assert.deepEqual(await shown(`limit=2&cursor=${page.Cursor}`), { rows: ['team/app:v1 SUCCESS'], Cursor: undefined });
  assert.deepEqual((await shown('chainId=chi-1')).rows, ['team/app:v1 SUCCESS']);
  assert.deepEqual((await shown('namespace=team&name=web&limit=1')).rows, ['team/web:v3 SUCCESS']);
});
