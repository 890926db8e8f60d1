import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBuildRecord } from '#build/build-store.ts';
import { pullRequestOf } from '#source/source.ts';
import { countRecords, SECRET, sign, startHook } from '../testing/hook.ts';

const COMMIT = 'c'.repeat(40);

/** An event of GitHub, Gitea or Gitee. */
function pullRequest(action: string, more: object = {}) {
  const base = { ref: 'main', repo: { full_name: 'team/app' } };
  return { action, number: 5, pull_request: { number: 5, head: { sha: COMMIT }, base }, ...more };
}

/** GitLab's event. */
function mergeRequest(attributes: object) {
  const target = { path_with_namespace: 'team/app' };
  const named = { iid: 5, target_branch: 'main', last_commit: { id: COMMIT }, target };
  return { object_kind: 'merge_request', object_attributes: { ...named, ...attributes } };
}

test('a pull request of each code host is built by the rules of its target branch', async () => {
  const gitHub = (body: string) => ({ 'x-hub-signature-256': `sha256=${sign(body)}`, 'x-github-delivery': '1' });
  const gitLab = () => ({ 'x-gitlab-token': SECRET });
  const events = [
    [pullRequest('opened'), gitHub, 'refs/pull/5/head'],
    [pullRequest('synchronized'), (body: string) => ({ 'x-gitea-signature': sign(body) }), 'refs/pull/5/head'],
    [
      pullRequest('update', { action_desc: 'source_branch_changed' }),
      () => ({ 'x-gitee-token': SECRET }),
      'refs/pull/5/head',
    ],
    [mergeRequest({ action: 'open' }), gitLab, 'refs/merge-requests/5/head'],
    [mergeRequest({ action: 'update', oldrev: '1'.repeat(40) }), gitLab, 'refs/merge-requests/5/head'],
  ] as const;
  for (const [event, headers, ref] of events) {
    await using hook = await startHook({ pullRequests: true });
    await hook.repository.addRule({ ImageTag: 'latest' });
    await hook.repository.addRule({ PushName: 'dev', ImageTag: 'dev' });
    const text = JSON.stringify(event);
    const { status, body } = await hook.send(text, headers(text));
    assert.deepEqual([status, body.Builds?.map((build) => build.ImageTag)], [200, ['pr-5']], JSON.stringify(body));
    const { means } = hook.repository.gateway;
    const record = await findBuildRecord(means.db, body.Builds?.[0]?.BuildRecordId ?? '');
    assert.deepEqual(record?.source, {
      kind: 'code-host',
      type: 'GITLAB',
      namespaceName: 'team',
      name: 'app',
      ref,
      commitId: COMMIT,
      pullRequest: 5,
    });
  }
});

/** A delivery of GitHub's: an event with a commit, under an id. */
type GitHubDelivery = readonly [commit: string, id: string, more?: { before?: string; updatedMs?: number }];

test('a commit of a pull request that the code host sends again undoes no newer one, but a force-push back to it is built', async () => {
  const cases: [what: string, deliveries: GitHubDelivery[], built: string[]][] = [
    [
      'with times',
      [
        ['1', 'a', { updatedMs: 1_000 }],
        ['2', 'b', { updatedMs: 2_000 }],
        ['1', 'a', { updatedMs: 1_000 }],
      ],
      ['1', '2'],
    ],
    [
      'without times',
      [
        ['1', 'a'],
        ['2', 'b', { before: '1' }],
        ['1', 'a'],
      ],
      ['1', '2'],
    ],
    [
      'reported in the wrong order',
      [
        ['2', 'b', { updatedMs: 2_000 }],
        ['1', 'a', { updatedMs: 1_000 }],
      ],
      ['2'],
    ],
    [
      'a force-push back',
      [
        ['1', 'a', { updatedMs: 1_000 }],
        ['2', 'b', { updatedMs: 2_000, before: '1' }],
        ['1', 'c', { updatedMs: 3_000, before: '2' }],
      ],
      ['1', '2', '1'],
    ],
    [
      'a force-push back in one second',
      [
        ['1', 'a', { updatedMs: 1_000 }],
        ['2', 'b', { updatedMs: 1_000, before: '1' }],
        ['1', 'c', { updatedMs: 1_000, before: '2' }],
      ],
      ['1', '2', '1'],
    ],
  ];
  for (const [what, deliveries, expected] of cases) {
    await using hook = await startHook({ pullRequests: true });
    await hook.repository.addRule();
    let nowMs = Date.now();
    hook.repository.gateway.means.now = () => ++nowMs;
    const built: string[] = [];
    for (const [commit, id, { before, updatedMs } = {}] of deliveries) {
      const event = pullRequest('synchronize', before === undefined ? {} : { before: before.repeat(40) });
      const time = updatedMs === undefined ? {} : { updated_at: new Date(updatedMs).toISOString() };
      const pull_request = { ...event.pull_request, head: { sha: commit.repeat(40) }, ...time };
      const body = JSON.stringify({ ...event, pull_request });
      const headers = { 'x-hub-signature-256': `sha256=${sign(body)}`, 'x-github-delivery': id };
      const reply = await hook.send(body, headers);
      if (reply.body.Builds?.length === 1) built.push(commit);
      else assert.match(reply.body.Notes?.join() ?? '', /came after a newer one, which it would undo/, what);
    }
    assert.deepEqual(built, expected, what);
  }
});

test('several rules of the target branch give several tags, and a repeated build stays one of a pull request', async () => {
  await using hook = await startHook({ pullRequests: true });
  const { repository, send } = hook;
  for (const ImageTag of ['one', 'two']) await repository.addRule({ ImageTag });
  const { body } = await send(pullRequest('opened'));
  assert.deepEqual(
    body.Builds?.map((build) => build.ImageTag),
    ['pr-5-one', 'pr-5-two'],
  );
  assert.match((await send(pullRequest('reopened'))).body.Notes?.join() ?? '', /already has a build of this commit/);
  const BuildRecordId = body.Builds?.[0]?.BuildRecordId ?? '';
  const again = await repository.call('CreateBuildRecordByRecord', { BuildRecordId });
  const record = await findBuildRecord(repository.gateway.means.db, String(again.body.BuildRecordId));
  assert.equal(record && pullRequestOf(record), 5);
});

test('a pull request builds nothing unless it has new commits for the bound repository and the setting is on', async () => {
  await using hook = await startHook({ pullRequests: true });
  const { repository, send } = hook;
  await repository.addRule();
  const base = { ref: 'main', repo: { full_name: 'else/where' } };
  for (const [event, note] of [
    [pullRequest('closed'), /no new commits/],
    [pullRequest('labeled'), /no new commits/],
    [pullRequest('update', { action_desc: 'label_changed' }), /no new commits/],
    [mergeRequest({ action: 'update' }), /no new commits/],
    [mergeRequest({ action: 'open', iid: '5; rm' }), /has no number/],
    [mergeRequest({ action: 'open', last_commit: { id: '--upload-pack=x' } }), /is not a commit/],
    [mergeRequest({ action: 'open', target_branch: '--x' }), /is not the name of a branch/],
    [mergeRequest({ action: 'open', target_branch: 'other' }), /no rule matches other/],
    [{ ...pullRequest('opened'), pull_request: { number: 5, head: { sha: COMMIT }, base } }, /another repository than/],
    [{ action: 'opened', pull_request: null }, /names no target branch|is not a commit|has no number/],
  ] as const) {
    const { status, body } = await send(event);
    assert.deepEqual([status, body.Builds], [200, []], JSON.stringify(event));
    assert.match(body.Notes?.join() ?? '', note, JSON.stringify(event));
  }
  await using off = await startHook();
  await off.repository.addRule();
  assert.match((await off.send(pullRequest('opened'))).body.Notes?.join() ?? '', /the setting pull-requests is off/);
  assert.equal((await countRecords(repository)) + (await countRecords(off.repository)), 0);
});
