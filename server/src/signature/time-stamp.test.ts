import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTimeStamp } from './time-stamp.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const minute = 60_000;
const stamp = (offsetMs: number) => new Date(nowMs + offsetMs).toISOString().replace(/\.\d+Z$/, 'Z');

test('accepts a time up to fifteen minutes before or after the server’s', () => {
  for (const offset of [-15 * minute, -14 * minute, 0, 14 * minute, 15 * minute]) {
    assert.equal(checkTimeStamp(stamp(offset), nowMs, 0), nowMs + offset);
  }
  for (const offset of [-16 * minute, -15 * minute - 1000, 15 * minute + 1000, 16 * minute]) {
    assert.throws(() => checkTimeStamp(stamp(offset), nowMs, 0), { code: 'InvalidTimeStamp.Expired', status: 400 });
  }
});

test('the message about a wrong clock has both times and the difference, in both directions', () => {
  const said = (offset: number) => {
    try {
      checkTimeStamp(stamp(offset), nowMs, 0);
    } catch (error) {
      return (error as Error).message;
    }
    return undefined;
  };
  const server = "this server's clock, which says 2026-03-01T12:00:00Z.";
  const begin = 'Specified time stamp or date value is expired. The request was signed at';
  assert.equal(said(-1000_000), `${begin} 2026-03-01T11:43:20Z, 1000 seconds behind ${server}`);
  assert.equal(said(86_400_000), `${begin} 2026-03-02T12:00:00Z, 86400 seconds ahead of ${server}`);
});

test('refuses a time from before an unclean boot', () => {
  assert.throws(() => checkTimeStamp(stamp(-5 * minute), nowMs, nowMs - minute), { code: 'InvalidTimeStamp.Expired' });
  assert.ok(checkTimeStamp(stamp(-minute), nowMs, nowMs - minute));
});

test('refuses every other time format', () => {
  const bad = ['', '2026-03-01T12:00:00', '2026-03-01 12:00:00Z', '2026-03-01T12:00:00.000Z', '2026-02-30T12:00:00Z'];
  bad.push(
    '2026-03-01T24:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-03-01T12:00:00+00:00',
    '2026-03-01T12:00:00z',
    '1772366400',
  );
  for (const text of bad) {
    assert.throws(() => checkTimeStamp(text, nowMs, 0), { code: 'InvalidTimeStamp.Format' }, text);
  }
});
