import assert from 'node:assert/strict';
import { test } from 'node:test';
import { insertDelivery, listDeliveries, noteAttempt } from '#delivery/delivery-store.ts';
import { pushUnderTest } from '#image/testing/pushed-image.ts';
import { scanUnderTest } from '#scan/testing/finished-scan.ts';
import { startApiUnderTest } from './testing/api.ts';

const AS_NUMBERS = [1, 2].map((image) => `sha256:${String(image).padStart(64, '0')}`);

test('event rules are listed with their receivers but no secret of an address, and their deliveries in pages', async (t) => {
  const api = await startApiUnderTest(t);
  const { db } = api.means;
  const Url = 'https://ci:s3cret@ci.example/hook?token=abc';
  const words = { Name: 'pushes', EventType: 'cr:Artifact:PushCompleted', Method: 'https', Url };
  const scope = { Scope: 'NAMESPACE', Namespaces: ['team'], RepoTagFilterPattern: 'v.*' };
  const { RuleId } = await call('POST', '/event-rules', { ...words, ...scope });
  for (const [index, tag] of ['v1', 'v2', 'v3'].entries()) {
    const occasion = { eventSequence: index, eventType: words.EventType, namespaceName: 'team', repoName: 'app', tag };
    const refusal = tag === 'v2' ? 'nobody is allowed' : undefined;
    const delivery = { ...occasion, deliveryId: `crecrr-${tag}`, body: '{}', sent: refusal === undefined, refusal };
    await insertDelivery(db, RuleId, delivery, 5);
  }
  const filter = { receiverIds: [RuleId], withUntriggered: false };
  const first = (await listDeliveries(db, filter, { limit: 9 })).at(-1) ?? assert.fail();
  const attempt = { status: 500, reply: 'no', failure: 'it answered HTTP 500' };
  await noteAttempt(db, { delivery: first, failingSinceMs: undefined }, attempt, { startedMs: 6, nowMs: 7 });

  const listed = await call('GET', '/event-rules');
  assert.doesNotMatch(JSON.stringify(listed), /s3cret|abc/);
  const [{ LastDelivery, ...rule }] = listed.Rules;
  const shown = { ...words, Url: 'https://***@ci.example/hook?token=***', ...scope, RepoNames: [] };
  assert.deepEqual(rule, { RuleId, ...shown, FailingSince: 6 });
  assert.equal(LastDelivery.Tag, 'v3');

  const deliveries = `/event-rules/${RuleId}/deliveries`;
  const pageOne = await call('GET', `${deliveries}?limit=1`);
  assert.deepEqual([pageOne.Deliveries[0].Tag, pageOne.Deliveries.length], ['v3', 1]);
  const pageTwo = await call('GET', `${deliveries}?limit=5&cursor=${pageOne.Cursor}`);
  assert.deepEqual(
    pageTwo.Deliveries.map((each: Record<string, unknown>) => [each.Tag, each.State, each.StatusCode, each.Failure]),
    [
      ['v2', 'untriggered', undefined, 'nobody is allowed'],
      ['v1', 'waiting', 500, 'it answered HTTP 500'],
    ],
  );
  assert.equal((await call('GET', '/event-rules/crecr-none/deliveries')).Code, 'EVENT_CENTER_RULE_NOT_EXIST');

  // biome-ignore lint/suspicious/noExplicitAny: the test checks the fields of the reply.
  async function call(method: string, path: string, body?: object): Promise<any> {
    const headers = { authorization: api.authorization, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(`${api.endpoint}/api/v1${path}`, { method, headers, ...sent })).json();
  }
});

test('the scans of a page of tags come in one answer: one for each image, and none for an image without', async (t) => {
  const api = await startApiUnderTest(t);
  const { db } = api.means;
  const repository = { instanceId: 'cri-test', namespaceName: 'team', name: 'app' };
  for (const [nowMs, [tag, image]] of (
    [
      ['v1', 1],
      ['v1-copy', 1],
      ['v2', 2],
    ] as const
  ).entries())
    await pushUnderTest(db, repository, { tag, image, nowMs });
  const { repo_id: repoId } = await db.selectFrom('repository').select('repo_id').executeTakeFirstOrThrow();
  const [scanned = ''] = AS_NUMBERS;
  const ScanTaskId = await scanUnderTest(db, { instanceId: repository.instanceId, repoId, digest: scanned });
  const scans = async (query = '') => {
    const address = `${api.endpoint}/api/v1/repositories/team/app/scans${query}`;
    const answer = await fetch(address, { headers: { authorization: api.authorization } });
    return (await answer.json()) as { Scans: { ScanTaskId: string; Digest: string; Counts: { High: number } }[] };
  };
  assert.deepEqual(
    (await scans()).Scans.map((scan) => [scan.ScanTaskId, scan.Digest, scan.Counts.High]),
    [[ScanTaskId, scanned, 1]],
  );
  assert.deepEqual((await scans('?limit=1')).Scans, [], 'the newest tag is of the image that was not scanned');
});
