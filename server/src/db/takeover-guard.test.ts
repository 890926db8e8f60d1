import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TakeoverGuard } from './takeover-guard.ts';

test('no build is taken over before its holder had a whole lease to renew it, at the start and after an outage', () => {
  const clock = { nowMs: 1_000_000 };
  const guard = new TakeoverGuard(() => clock.nowMs, 60_000);
  const answerFor = (seconds: number) => {
    let isLongEnough = false;
    for (let at = 0; at < seconds; at++) {
      clock.nowMs += 1000;
      isLongEnough = guard.answered();
    }
    return isLongEnough;
  };
  assert.equal(answerFor(61), false);
  assert.equal(answerFor(1), true);
  clock.nowMs += 120_000;
  assert.equal(answerFor(1), false, 'all leases are over now');
  assert.equal(answerFor(60), false);
  assert.equal(answerFor(1), true);
});
