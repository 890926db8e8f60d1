import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import { startApiUnderTest } from './testing/api.ts';

test('a tag is set by the digest of its image, whatever other tags point to by then', async (t) => {
  const api = await startApiUnderTest(t);
  const { db } = api.means;
  const repository = { instanceId: 'cri-test', namespaceName: 'team', name: 'app' };
  const first = await pushUnderTest(db, repository, { tag: 'v1', image: 1, nowMs: 1 });
  const second = await pushUnderTest(db, repository, { tag: 'v1', image: 2, nowMs: 2 });
  await db.updateTable('manifest').set({ state: 'hidden' }).where('digest', '=', first).execute();
  const put = async (tag: string, digest: string) => {
    const address = `${api.endpoint}/api/v1/repositories/team/app/tags/${tag}?digest=${digest}`;
    const reply = await fetch(address, { method: 'PUT', headers: { authorization: api.authorization } });
    const body = (await reply.json()) as { Code?: string; Digest?: string };
    return [reply.status, body.Code ?? body.Digest];
  };

  assert.deepEqual(await put('of-the-build', first), [200, first]);
  const shown = await db.selectFrom('manifest').select('state').where('digest', '=', first).executeTakeFirst();
  assert.equal(shown?.state, 'kept', 'what has a tag can be pulled');
  assert.deepEqual(await put('of-the-build', second), [200, second]);

  await db.updateTable('repository').set({ tag_immutability: 1 }).execute();
  assert.deepEqual(await put('v1', first), [409, 'TAG_IMMUTABLE']);
  assert.deepEqual(await put('v1', second), [200, second]);
  assert.deepEqual(await put('v2', `sha256:${'f'.repeat(64)}`), [404, 'IMAGE_NOT_EXIST']);
  assert.deepEqual(await put('v2', 'v1'), [400, 'InvalidParameter']);
  await db.updateTable('manifest').set({ state: 'leaving' }).where('digest', '=', first).execute();
  assert.deepEqual(await put('v2', first), [503, 'ServiceUnavailable']);
});

test('tags are sorted by time, name or size, and found by a part of their name, page by page without gaps', async (t) => {
  const api = await startApiUnderTest(t);
  const { db } = api.means;
  const repository = { instanceId: 'cri-test', namespaceName: 'team', name: 'app' };
  for (const [tag, image, nowMs] of [
    ['v2', 1, 1],
    ['V10', 2, 3],
    ['dev', 3, 2],
    ['v1', 1, 4],
  ] as const) {
    const digest = await pushUnderTest(db, repository, { tag, image, nowMs });
    await db
      .updateTable('manifest')
      .set({ total_bytes: image * 100 })
      .where('digest', '=', digest)
      .execute();
  }
  const get = async (query: string) => {
    const headers = { authorization: api.authorization };
    const reply = await fetch(`${api.endpoint}/api/v1/repositories/team/app/tags?${query}`, { headers });
    return (await reply.json()) as { Tags: { Tag: string }[]; TotalCount: number; Cursor?: string; Code?: string };
  };
  const all = async (query: string) => {
    const found: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await get(`limit=1&${query}${cursor && `&cursor=${cursor}`}`);
      found.push(...page.Tags.map(({ Tag }) => Tag));
      cursor = page.Cursor;
    }
    return found.join();
  };
  assert.equal(await all(''), 'v1,V10,dev,v2');
  assert.equal(await all('sort=name'), 'dev,v1,V10,v2');
  assert.equal(await all('sort=size'), 'dev,V10,v2,v1');
  assert.equal(await all('sort=name&contains=v1'), 'v1,V10');
  assert.equal((await get('contains=V1')).TotalCount, 2);
  assert.equal((await get('contains=%25')).TotalCount, 0);
  assert.equal((await get('sort=age')).Code, 'InvalidParameter');
});
