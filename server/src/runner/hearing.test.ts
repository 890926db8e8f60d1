import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hearing } from './hearing.ts';

test('no build is taken over before its holder had a whole lease to renew it, at the start and after an outage', () => {
  const clock = { nowMs: 1_000_000 };
  const hearing = new Hearing(() => clock.nowMs, 60_000);
  const hear = (seconds: number) => {
    let isLongEnough = false;
    for (let at = 0; at < seconds; at++) {
      clock.nowMs += 1000;
      isLongEnough = hearing.heard();
    }
    return isLongEnough;
  };
  assert.equal(hear(61), false);
  assert.equal(hear(1), true);
  clock.nowMs += 120_000;
  assert.equal(hear(1), false, 'all leases are over now');
  assert.equal(hear(60), false);
  assert.equal(hear(1), true);
});
