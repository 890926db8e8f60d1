import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkTimeStamp, fromBeforeNonces } from './time-stamp.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const stamp = (offsetMs: number) => new Date(nowMs + offsetMs).toISOString().replace(/\.\d+Z$/, 'Z');

test('accepts a time up to fifteen minutes before or after the server’s', () => {
  for (const offset of [-15 * MINUTE, -14 * MINUTE, 0, 14 * MINUTE, 15 * MINUTE]) {
    assert.equal(checkTimeStamp(stamp(offset), nowMs), nowMs + offset);
  }
  for (const offset of [-16 * MINUTE, -15 * MINUTE - 1000, 15 * MINUTE + 1000, 16 * MINUTE]) {
    assert.throws(() => checkTimeStamp(stamp(offset), nowMs), { code: 'InvalidTimeStamp.Expired', status: 400 });
  }
});

test('the message about a wrong clock has both times and the difference, in both directions', () => {
  const said = (offset: number) => {
    try {
      checkTimeStamp(stamp(offset), nowMs);
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

test('the refusal of a time from before nonces are known says since when they are, and is 503 if the request may have been on its way', () => {
  const within = fromBeforeNonces(stamp(0), nowMs + MINUTE);
  assert.deepEqual([within.code, within.status], ['ServiceUnavailable', 503]);
  assert.match(
    within.message,
    /signed at 2026-03-01T12:00:00Z, before .* at 2026-03-01T12:01:00Z; sign the request again/,
  );
  const { code, message } = fromBeforeNonces(stamp(-5 * MINUTE), nowMs - MINUTE);
  assert.equal(code, 'InvalidTimeStamp.Expired');
  assert.match(message, /signed at 2026-03-01T11:55:00Z, before .* at 2026-03-01T11:59:00Z; sign the request again/);
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
    assert.throws(() => checkTimeStamp(text, nowMs), { code: 'InvalidTimeStamp.Format' }, text);
  }
});
