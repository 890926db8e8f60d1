import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listHookDeliveries, noteHookDelivery } from '#source/hooks/hook-delivery-store.ts';
import { SECRET, startHook } from '../testing/hook.ts';

const PUSH = { object_kind: 'push', ref: 'refs/heads/main', after: '1'.repeat(40), checkout_sha: '1'.repeat(40) };

test('lists what a code host sent, with the builds or the reason, and refusals too, but not each of a storm', async () => {
  await using hook = await startHook();
  const { repository, send } = hook;
  const { db } = repository.gateway.means;
  await send(PUSH);
  await repository.addRule();
  await send(PUSH);
  await send({ object_kind: 'note' });
  for (let times = 0; times < 3; times += 1)
    assert.equal((await send(PUSH, { 'x-gitlab-token': 'wrong' })).status, 403);
  await send(PUSH, { 'x-gitlab-token': SECRET, 'content-type': 'text/plain' });
  await send('not JSON');

  const listed = await listHookDeliveries(db, repository.repoId);
  const shown = listed.map(({ result, notes, builds, event }) => [
    result,
    notes.join(),
    builds.length,
    event !== undefined,
  ]);
  assert.deepEqual(
    shown.sort(),
    [
      ['built', '', 1, true],
      ['nothing', 'it is not a push', 0, false],
      ['nothing', 'no rule matches main', 0, true],
      ['refused', 'The body is not JSON.', 0, false],
      [
        'refused',
        'The body is not of type application/json; choose it in the hook’s settings at the code host.',
        0,
        false,
      ],
      ['refused', shown.find(([, notes]) => String(notes).startsWith('The push event is not accepted'))?.[1], 0, false],
    ].sort(),
  );
  await repository.call('DeleteRepository');
  assert.deepEqual(await listHookDeliveries(db, repository.repoId), []);
});

test('of deliveries in one millisecond, as many are kept as of others', async () => {
  await using hook = await startHook();
  const { means } = hook.repository.gateway;
  const { repoId } = hook.repository;
  const delivery = { repoId, receivedMs: 1, result: 'nothing' as const, event: undefined, builds: [], notes: [] };
  for (let at = 0; at < 103; at += 1)
    await noteHookDelivery(means.db, { ...delivery, deliveryId: means.newBuildRecordId(), redeliveredBy: undefined });
  assert.equal((await listHookDeliveries(means.db, repoId)).length, 100);
});

test('keeps the last 100 deliveries of a repository, of which refusals take at most 20', async () => {
  await using hook = await startHook();
  const { means } = hook.repository.gateway;
  const { repoId } = hook.repository;
  const note = (receivedMs: number, result: 'nothing' | 'refused') =>
    noteHookDelivery(means.db, {
      deliveryId: means.newBuildRecordId(),
      repoId,
      receivedMs,
      result,
      event: undefined,
      builds: [],
      notes: [],
      redeliveredBy: undefined,
    });
  for (let at = 1; at <= 110; at += 1) await note(at, 'nothing');
  for (let at = 111; at <= 140; at += 1) await note(at, 'refused');
  const kept = await listHookDeliveries(means.db, repoId);
  assert.deepEqual([kept.length, kept.at(-1)?.receivedMs], [100, 31]);
  assert.equal(kept.filter(({ result }) => result === 'refused').length, 20);
});
