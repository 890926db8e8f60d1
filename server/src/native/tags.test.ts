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
