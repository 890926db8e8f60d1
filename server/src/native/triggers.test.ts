import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT_AUTHOR } from '#account/rule-author.ts';
import { insertDelivery, listDeliveries, noteAttempt } from '#delivery/delivery-store.ts';
import { insertTrigger } from '#trigger/trigger-store.ts';
import { startApiUnderTest } from './testing/api.ts';

test('the triggers of a repository, their secrets and calls can be seen, but no password of an address or query value', async (t) => {
  const api = await startApiUnderTest(t);
  await api.beginBuild();
  const { means } = api;
  const { repo_id: repoId } = await means.db.selectFrom('repository').select('repo_id').executeTakeFirstOrThrow();
  const times = { createdMs: 1, modifiedMs: 1 };
  const url = 'https://ci:s3cret@ci.example/hook?token=abc';
  const trigger = {
    triggerId: 'crw-1',
    repoId,
    name: 'deploy',
    type: 'TAG_LIST' as const,
    tag: 'v1,v2',
    url,
    ...times,
    author: ACCOUNT_AUTHOR,
  };
  await insertTrigger(means, trigger, 'first');
  for (const [index, tag] of ['v1', 'other', 'v2'].entries()) {
    const occasion = { eventSequence: index, eventType: 'push', namespaceName: 'team', repoName: 'app', tag };
    const sent = tag !== 'other';
    await insertDelivery(means.db, 'crw-1', { ...occasion, deliveryId: `crd-${tag}`, body: '{}', sent }, 5);
  }
  const filter = { receiverIds: ['crw-1'], withUntriggered: false };
  const [, first = assert.fail()] = await listDeliveries(means.db, filter, { limit: 9 });
  const attempt = { status: 500, reply: 'no', failure: 'it answered HTTP 500' };
  await noteAttempt(means.db, { delivery: first, failingSinceMs: undefined }, attempt, { startedMs: 6, nowMs: 7 });

  const listed = await call('GET', 'triggers');
  assert.doesNotMatch(JSON.stringify(listed), /s3cret|abc/);
  const [{ Url, Tag, FailingSince, NextAttempt, LastDelivery }] = listed.Triggers;
  assert.deepEqual(
    [Url, Tag, FailingSince, NextAttempt],
    ['https://***@ci.example/hook?token=***', 'v1,v2', 6, 60_006],
  );
  assert.equal(LastDelivery.Tag, 'v2');
  const pageOne = await call('GET', 'triggers/crw-1/deliveries?limit=1');
  assert.deepEqual([pageOne.Deliveries[0].Tag, pageOne.Deliveries.length], ['v2', 1]);
  const pageTwo = await call('GET', `triggers/crw-1/deliveries?limit=1&cursor=${pageOne.Cursor}`);
  const [{ DeliveryId, State, Attempts, StatusCode, Reply, Failure }] = pageTwo.Deliveries;
  assert.deepEqual(
    [DeliveryId, State, Attempts, StatusCode, Reply, Failure, pageTwo.Cursor],
    ['crd-v1', 'waiting', 1, 500, 'no', 'it answered HTTP 500', undefined],
  );
  const all = await call('GET', 'triggers/crw-1/deliveries?untriggered=true');
  assert.deepEqual(
    all.Deliveries.map((each: { State: string }) => each.State),
    ['waiting', 'untriggered', 'waiting'],
  );
  const { Secret } = await call('POST', 'triggers/crw-1/secret');
  assert.match(Secret, /^whsec_[\w-]{43}$/);
  const row = await means.db.selectFrom('receiver').selectAll().executeTakeFirstOrThrow();
  assert.equal(means.secrets.open('crw-1', row.sealed_secret ?? ''), Secret);
  assert.doesNotMatch(JSON.stringify(row), /s3cret|abc/);
  for (const path of ['triggers/crw-2/deliveries', 'triggers/crw-2/secret'])
    assert.equal((await call(path.endsWith('secret') ? 'POST' : 'GET', path)).Code, 'TRIGGER_NOT_EXIST');

  // biome-ignore lint/suspicious/noExplicitAny: the test checks the fields of the reply.
  async function call(method: string, path: string): Promise<any> {
    const headers = { authorization: api.authorization };
    const answer = await fetch(`${api.endpoint}/api/v1/repositories/team/app/${path}`, { method, headers });
    return answer.json();
  }
});
