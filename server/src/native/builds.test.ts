import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Updateable } from 'kysely';
import type { BuildRecordTable } from '#db/schema/schema.ts';
import { startApiUnderTest } from './testing/api.ts';

const COMMIT = '4f2a9c01d3e5b7a6889900aabbccddeeff001122';

test('lists builds by repository, status, trigger, branch, author, time, text, commit prefix and id prefix, page by page', async (t) => {
  const api = await startApiUnderTest(t);
  const ids = [await api.beginBuild(), await api.beginBuild(), await api.beginBuild()] as const;
  const [first, second, third] = ids;
  await change(first, { created_ms: 1_000, commit_id: COMMIT });
  await change(second, { created_ms: 2_000, commit_id: `4f2a9c02${COMMIT.slice(8)}` });
  await change(third, { created_ms: 3_000, status: 'FAILED' });

  assert.deepEqual(await listed(''), [third, second, first]);
  assert.deepEqual(await listed('repository=team/app'), [third, second, first]);
  assert.deepEqual(await listed('status=FAILED,CANCELED'), [third]);
  assert.deepEqual(await listed('since=1970-01-01T00:00:02Z'), [third, second]);
  assert.deepEqual(await listed('until=1970-01-01T00:00:02Z'), [first]);
  assert.deepEqual(await listed('commit=4f2a'), [second, first]);
  assert.deepEqual(await listed('commit=4f2a9c01'), [first]);
  assert.deepEqual(await listed(`commit=${COMMIT}`), [first]);
  assert.deepEqual(await listed('commit=9c01'), []);
  assert.deepEqual(await listed(`id=${second.slice(0, 13)}`), [second]);
  assert.deepEqual(await listed(`id=${second}`), [second]);
  assert.deepEqual(await listed(`id=${second.slice(1, 14)}`), []);

  await change(first, { trigger: 'push', branch: 'main', commit_author: 'Ann Lee', commit_message: 'Fix the roof' });
  await change(second, { trigger: 'rebuild', branch: 'release', commit_author: 'annette', commit_message: 'Paint' });
  assert.deepEqual(await listed('trigger=push'), [first]);
  assert.deepEqual(await listed('trigger=push,rebuild'), [second, first]);
  assert.deepEqual(await listed('branch=main'), [first]);
  assert.deepEqual(await listed('branch=mai'), []);
  assert.deepEqual(await listed('author=ANN'), [second, first]);
  assert.deepEqual(await listed('author=Ann%20'), [first]);
  assert.deepEqual(await listed('search=roof'), [first]);
  assert.deepEqual(await listed('search=4f2a9c02'), [second]);
  assert.deepEqual(await listed(`search=${third.slice(0, 8)}&status=FAILED`), [third]);

  const page = await get('limit=2');
  assert.deepEqual(idsOf(page), [third, second]);
  assert.deepEqual(await listed(`limit=2&cursor=${page.Cursor}`), [first]);

  for (const [query, fix] of [
    ['commit=HEAD', /commit.*digits of 0-9 a-f/],
    ['id=abc', /id.*beginning of a BuildRecordId/],
    ['status=BROKEN', /status.*BROKEN.*FAILED/],
    ['repository=app', /repository.*NAMESPACE\/NAME/],
    ['trigger=cron', /trigger.*cron.*pull-request/],
    ['search=a', /search.*2 to 200 characters/],
    ['branch=%07', /branch.*name of a branch/],
  ] as const) {
    const { Code, Message } = await get(query);
    assert.equal(Code, 'InvalidParameter');
    assert.match(String(Message), fix);
  }

  async function change(id: string, values: Updateable<BuildRecordTable>) {
    await api.means.db.updateTable('build_record').set(values).where('build_record_id', '=', id).execute();
  }

  async function get(query: string): Promise<Record<string, unknown>> {
    const headers = { authorization: api.authorization };
    const response = await fetch(`${api.endpoint}/api/v1/builds?${query}`, { headers });
    return (await response.json()) as Record<string, unknown>;
  }

  async function listed(query: string): Promise<string[]> {
    return idsOf(await get(query));
  }
});

test('a build whose source is at a known code host has the address of its commit there, and a waiting one the limit it waits for', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const source = JSON.stringify({ kind: 'git', url: 'https://github.example/team/app.git', ref: 'HEAD' });
  await api.means.db.updateTable('build_record').set({ source, commit_id: COMMIT }).execute();
  const get = async () => {
    const headers = { authorization: api.authorization };
    const response = await fetch(`${api.endpoint}/api/v1/builds/${id}`, { headers });
    return (await response.json()) as Record<string, unknown>;
  };
  const free = await get();
  assert.equal(free.SourceUrl, 'https://github.example/team/app');
  assert.equal(free.CommitUrl, `https://github.example/team/app/commit/${COMMIT}`);
  assert.deepEqual([free.QueuePosition, free.WaitReason], [1, undefined]);
  const other = await api.beginBuild();
  await api.means.db
    .updateTable('build_record')
    .set({ status: 'BUILDING' })
    .where('build_record_id', '=', other)
    .execute();
  assert.match(
    String((await get()).WaitReason),
    /^this server already runs 1 build, its limit \(setting concurrent-builds\)$/,
  );
  await api.means.db.updateTable('build_record').set({ cancel_requested: 1 }).execute();
  assert.equal((await get()).WaitReason, 'it is being cancelled');
});

function idsOf(reply: Record<string, unknown>): string[] {
  return (reply.Builds as { BuildRecordId: string }[]).map((build) => build.BuildRecordId);
}
