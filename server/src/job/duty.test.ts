import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMemoryDatabase } from '#db/database.ts';
import { passLeases } from '#db/testing/pass-leases.ts';
import { Duty } from './duty.ts';

const LEASE_MS = 15 * 60_000;

test('of two nodes with one database, one has a duty: the other gets it when the first closes, or does not renew it', async (t) => {
  const db = await openMemoryDatabase();
  t.after(() => db.destroy());
  t.mock.timers.enable({ apis: ['setInterval'] });
  let clockMs = 1_000_000;
  const open = async (nodeId: string) => {
    const clock = () => clockMs;
    const duty = new Duty('upkeep', { db, nodeId, monotonicMs: clock, report: assert.ifError });
    await duty.start();
    return duty;
  };
  const first = await open('node-a');
  assert.ok(first.isMine());
  const second = await open('node-b');
  assert.ok(!second.isMine());
  await first.close();
  assert.ok(!first.isMine());
  const third = await open('node-c');
  assert.ok(third.isMine(), 'it was left');

  clockMs += LEASE_MS + 1;
  await passLeases(db, LEASE_MS + 1);
  assert.ok(!third.isMine(), 'it was not renewed');
  const fourth = await open('node-d');
  assert.ok(fourth.isMine(), 'its time was over');
  await third.close();
  assert.ok(!(await open('node-e')).isMine(), 'closing leaves only what is one’s own');

  const restarted = await open('node-d');
  assert.ok(restarted.isMine(), 'a node that died has its own duty again at once');
});
