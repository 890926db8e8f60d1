import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertDelivery } from '#delivery/delivery-store.ts';
import { startApiUnderTest } from './testing/api.ts';

test('event rules are made and listed, get a secret that is shown once, and what they sent is listed by pages', async (t) => {
  const api = await startApiUnderTest(t);
  const { means } = api;
  const rule = { Name: 'pushes', EventType: 'cr:Artifact:PushCompleted', Method: 'https' };
  const { RuleId } = await call('POST', '', { ...rule, Url: 'https://ci:s3cret@ci.example/hook?token=abc' });
  for (const [index, tag] of ['v1', 'v2'].entries()) {
    const occasion = { eventSequence: index, eventType: 'push', namespaceName: 'team', repoName: 'app', tag };
    await insertDelivery(means.db, RuleId, { ...occasion, deliveryId: `crd-${tag}`, body: '{}', sent: true }, 5);
  }
  const [listed] = (await call('GET', '')).Rules;
  assert.deepEqual([listed.Name, listed.Scope, listed.LastDelivery.Tag], ['pushes', 'INSTANCE', 'v2']);
  assert.doesNotMatch(JSON.stringify(listed), /s3cret|abc/);
  const { Secret } = await call('POST', `/${RuleId}/secret`);
  assert.match(Secret, /^whsec_[\w-]{43}$/);
  const row = await means.db.selectFrom('receiver').selectAll().executeTakeFirstOrThrow();
  assert.equal(means.secrets.open(RuleId, row.sealed_secret ?? ''), Secret);
  const pageOne = await call('GET', `/${RuleId}/deliveries?limit=1`);
  const pageTwo = await call('GET', `/${RuleId}/deliveries?limit=1&cursor=${pageOne.Cursor}`);
  assert.deepEqual(
    [pageOne, pageTwo].map(({ Deliveries }) => Deliveries.map((each: { Tag: string }) => each.Tag)),
    [['v2'], ['v1']],
  );
  for (const [method, path] of [
    ['GET', '/other/deliveries'],
    ['POST', '/other/secret'],
  ] as const)
    assert.equal((await call(method, path)).Code, 'EVENT_CENTER_RULE_NOT_EXIST');

  // biome-ignore lint/suspicious/noExplicitAny: the test checks the fields of the reply.
  async function call(method: string, path: string, body?: object): Promise<any> {
    const headers = { authorization: api.authorization, 'content-type': 'application/json' };
    const sent = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(`${api.endpoint}/api/v1/event-rules${path}`, sent);
    return answer.json();
  }
});
