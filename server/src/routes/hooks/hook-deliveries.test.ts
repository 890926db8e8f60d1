import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { findBuildRecord } from '#build/build-store.ts';
import type { RepositoryUnderTest } from '#build/testing/repository.ts';
import { countRecords, SECRET, sign, startHook } from '../testing/hook.ts';

/** GitLab's event for a push from one commit to another, each named by a digit; 0 is none. */
function gitlabPush(before: number, after: number, ref = 'refs/heads/main') {
  const [from, to] = [String(before).repeat(40), String(after).repeat(40)];
  const project = { path_with_namespace: 'team/app' };
  return { object_kind: 'push', ref, before: from, after: to, checkout_sha: after === 0 ? null : to, project };
}

async function endBuilds(repository: RepositoryUnderTest): Promise<void> {
  const { db } = repository.gateway.means;
  await db.updateTable('build_record').set({ status: 'SUCCESS', ended_ms: 1 }).execute();
}

test('treats the same push as new after a force-push back, and after a tag was deleted and made again; but not a retry', async () => {
  await using hook = await startHook();
  const { repository, send } = hook;
  await repository.addRule({ PushName: '.*' });
  await repository.addRule({ PushType: 'GIT_TAG', PushName: '.*', ImageTag: 'tag' });
  const tag = 'refs/tags/v1';
  for (const named of ['idempotency-key', 'x-gitlab-event-uuid', 'x-gitee-delivery']) {
    for (const [event, builds] of [
      [gitlabPush(1, 2), 1],
      [gitlabPush(2, 1), 1],
      [gitlabPush(1, 2), 1],
      [gitlabPush(2, 1), 1],
      [gitlabPush(0, 3, tag), 1],
      [gitlabPush(3, 0, tag), 0],
      [gitlabPush(0, 3, tag), 1],
      // Its deletion was not delivered.
      [gitlabPush(0, 3, tag), 1],
    ] as const) {
      const headers = { 'x-gitlab-token': SECRET, [named]: randomUUID() };
      const first = await send(event, headers);
      assert.deepEqual([first.status, first.body.Builds?.length], [200, builds], JSON.stringify([event, first.body]));
      await endBuilds(repository);
      if (builds === 0) continue;
      const again = await send(event, headers);
      assert.deepEqual([again.body.Builds, again.body.Notes], [[], ['this delivery was already processed']], named);
    }
  }
  // At GitLab all calls that a webhook itself causes share one event id; then only equal bodies are one delivery.
  const shared = { 'x-gitlab-token': SECRET, 'x-gitlab-event-uuid': 'shared' };
  for (const [ref, commit] of [
    ['refs/heads/a', 4],
    ['refs/heads/b', 5],
  ] as const)
    assert.equal((await send(gitlabPush(0, commit, ref), shared)).body.Builds?.length, 1);
});

test('treats a delivery as done for a rule only when its build is queued, so it builds after the rule is fixed or made', async () => {
  await using hook = await startHook({ autoBuild: false });
  const { repository, send } = hook;
  const headers = { 'x-gitlab-token': SECRET, 'idempotency-key': 'one' };
  const event = gitlabPush(0, 1, 'refs/heads/feature/x');
  const deliver = async () => {
    const { body } = await send(event, headers);
    await endBuilds(repository);
    return [body.Builds?.map((build) => build.ImageTag), body.Notes?.join()];
  };
  assert.deepEqual(await deliver(), [[], 'AutoBuild is off for this repository']);
  const bind = { CodeRepoType: 'GITLAB', CodeRepoNamespaceName: 'team', CodeRepoName: 'app' };
  await repository.call('UpdateRepoSourceCodeRepo', { ...bind, AutoBuild: 'true' });
  assert.deepEqual(await deliver(), [[], 'no rule matches feature/x']);
  await repository.addRule({ PushName: 'feature/x', ImageTag: 'one' });
  assert.deepEqual(await deliver(), [['one'], '']);
  await repository.addRule({ PushName: '(?<all>.*)', ImageTag: 'two' });
  assert.deepEqual(await deliver(), [['two'], '']);
  assert.deepEqual(await deliver(), [[], 'this delivery was already processed']);
});

test('neither builds a push that arrives after a newer one, nor blocks the newer one’s build', async () => {
  await using hook = await startHook({ supersede: true });
  const { repository, send } = hook;
  await repository.addRule();
  const gitlab = (event: object) => send(event, { 'x-gitlab-token': SECRET, 'idempotency-key': randomUUID() });
  assert.equal((await gitlab(gitlabPush(0, 1))).body.Builds?.length, 1);
  const newest = (await gitlab(gitlabPush(2, 3))).body.Builds?.[0]?.BuildRecordId ?? '';
  const late = await gitlab(gitlabPush(1, 2));
  assert.deepEqual([late.status, late.body.Builds], [200, []]);
  assert.match(late.body.Notes?.join() ?? '', /^this push of main came after a newer one/);
  const record = await findBuildRecord(repository.gateway.means.db, newest);
  assert.deepEqual([record?.status, record?.cancelRequested], ['PENDING', false]);
  assert.equal((await gitlab(gitlabPush(3, 4))).body.Builds?.length, 1);

  // GitHub sends the time of the push.
  const github = (after: number, pushedAt: number) => {
    const repository = { full_name: 'team/app', pushed_at: pushedAt };
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      before: '9'.repeat(40),
      after: String(after).repeat(40),
      repository,
    });
    return send(body, { 'x-hub-signature-256': `sha256=${sign(body)}`, 'x-github-delivery': randomUUID() });
  };
  assert.equal((await github(6, 1_700_000_100)).body.Builds?.length, 1);
  assert.match((await github(5, 1_700_000_000)).body.Notes?.join() ?? '', /came after a newer one/);
});

test('builds a commit last that was pushed, undone and pushed again while both wait', async () => {
  await using hook = await startHook();
  const { repository, send } = hook;
  await repository.addRule();
  const headers = () => ({ 'x-gitlab-token': SECRET, 'idempotency-key': randomUUID() });
  for (const event of [gitlabPush(1, 2), gitlabPush(2, 1), gitlabPush(1, 2)])
    assert.equal((await send(event, headers())).body.Builds?.length, 1);
  assert.equal(await countRecords(repository), 3);
});

test('builds branches with every name that Git allows', async () => {
  await using hook = await startHook();
  const { repository, send } = hook;
  await repository.addRule({ PushName: '.*' });
  for (const name of ['feature/#1-x', '功能/登录', 'fix@home', 'a=b', 'rel(1)', 'v2,3', 'feature/ü']) {
    const event = gitlabPush(0, 1, `refs/heads/${name}`);
    const { body } = await send(event, { 'x-gitlab-token': SECRET, 'idempotency-key': randomUUID() });
    const record = await findBuildRecord(repository.gateway.means.db, body.Builds?.[0]?.BuildRecordId ?? '');
    assert.equal((record?.source as { ref?: string } | undefined)?.ref, `refs/heads/${name}`, JSON.stringify(body));
    await endBuilds(repository);
  }
});
