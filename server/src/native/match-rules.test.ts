import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertBuildRule } from '#build/rules/build-rule-store.ts';
import { startApiUnderTest } from './testing/api.ts';

test('reports what a push would build, without a push: the matching rules, their tags, and why a rule builds nothing', async (t) => {
  const api = await startApiUnderTest(t);
  await api.beginBuild();
  await addRule('GIT_BRANCH', 'main', 'latest');
  await addRule('GIT_BRANCH', 'release-$version', '$version');
  await addRule('GIT_TAG', 'main', 'never');

  assert.deepEqual(await matched('push=main'), [['main', 'latest']]);
  assert.deepEqual(await matched('push=release-1.2'), [['release-$version', '1.2']]);
  assert.deepEqual(await matched('push=release-1%2F2'), [
    ['release-$version', 'the rule gives "1/2", which is not a tag'],
  ]);
  assert.deepEqual(await matched('push=other'), []);
  assert.deepEqual(await matched('push=main&type=GIT_TAG'), [['main', 'never']]);
  assert.equal((await get('')).Code, 'MissingParameter');
  assert.match(String((await get('push=main&type=BRANCH')).Message), /"type".*GIT_BRANCH/);

  async function addRule(pushType: 'GIT_BRANCH' | 'GIT_TAG', pushName: string, imageTag: string): Promise<void> {
    const { instance_id: instanceId, repo_id: repoId } = await api.means.db
      .selectFrom('repository')
      .select(['instance_id', 'repo_id'])
      .executeTakeFirstOrThrow();
    const buildRuleId = `crbr-${pushType}-${pushName}`;
    const dockerfile = { dockerfileLocation: '/', dockerfileName: 'Dockerfile' };
    const rule = { buildRuleId, instanceId, repoId, pushType, pushName, imageTag, ...dockerfile };
    const times = { createdMs: 1, modifiedMs: 1, requester: undefined };
    await insertBuildRule(api.means.db, { ...rule, ...times, buildArgs: [], platforms: [] });
  }

  async function get(query: string): Promise<Record<string, unknown>> {
    const headers = { authorization: api.authorization };
    const path = '/api/v1/repositories/team/app/rules/match';
    return (await (await fetch(`${api.endpoint}${path}?${query}`, { headers })).json()) as Record<string, unknown>;
  }

  async function matched(query: string): Promise<[string, string | undefined][]> {
    const { Rules } = (await get(query)) as { Rules: { PushName: string; ImageTag?: string; Mistake?: string }[] };
    return Rules.map(({ PushName, ImageTag, Mistake }) => [PushName, ImageTag ?? Mistake]);
  }
});
