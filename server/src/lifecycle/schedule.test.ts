import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTimeZone, nextDate, type Schedule } from './schedule.ts';

const CASES: [name: string, schedule: Schedule, after: string, timeZone: string, next: string][] = [
  ['the next Sunday', 'WEEK', '2026-12-01T10:00:00Z', 'UTC', '2026-12-06T02:00:00Z'],
  ['the same Sunday, before two', 'WEEK', '2026-12-06T01:59:59Z', 'UTC', '2026-12-06T02:00:00Z'],
  ['a week later, at two', 'WEEK', '2026-12-06T02:00:00Z', 'UTC', '2026-12-13T02:00:00Z'],
  ['Sunday of the zone, Saturday in UTC', 'WEEK', '2026-12-05T12:00:00Z', 'Asia/Shanghai', '2026-12-05T18:00:00Z'],
  ['over the end of a year', 'WEEK', '2026-12-28T00:00:00Z', 'UTC', '2027-01-03T02:00:00Z'],
  ['over the end of a month', 'MONTH', '2026-12-31T23:59:59Z', 'UTC', '2027-01-01T02:00:00Z'],
  ['the first of this month, before two', 'MONTH', '2026-12-01T01:00:00Z', 'UTC', '2026-12-01T02:00:00Z'],
  ['after a month of 28 days', 'MONTH', '2027-02-01T02:00:00Z', 'UTC', '2027-03-01T02:00:00Z'],
  ['the first in the zone, the last in UTC', 'MONTH', '2027-01-31T12:00:00Z', 'Asia/Tokyo', '2027-01-31T17:00:00Z'],
  ['two o’clock is skipped: three', 'WEEK', '2026-03-28T12:00:00Z', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['after a Sunday of 23 hours', 'WEEK', '2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-04-05T00:00:00Z'],
  ['two o’clock strikes twice: the first', 'WEEK', '2026-10-24T12:00:00Z', 'Europe/Berlin', '2026-10-25T00:00:00Z'],
  ['no second run at the second two', 'WEEK', '2026-10-25T00:00:00Z', 'Europe/Berlin', '2026-11-01T01:00:00Z'],
  ['a zone of half an hour', 'WEEK', '2026-12-01T10:00:00Z', 'Asia/Kolkata', '2026-12-05T20:30:00Z'],
];

for (const [name, schedule, after, timeZone, next] of CASES)
  test(`follows the clock of its time zone: ${name}`, () => {
    assert.equal(new Date(nextDate(schedule, Date.parse(after), timeZone)).toISOString(), next.replace('Z', '.000Z'));
  });

test('over ten years, every week has one date, which is a Sunday at two or, if that is skipped, at three', () => {
  const shown = new Intl.DateTimeFormat('en', { timeZone: 'America/New_York', weekday: 'short', hour: 'numeric' });
  let dates = 0;
  for (let timeMs = Date.parse('2026-01-01T00:00:00Z'); dates < 520; dates++) {
    const next = nextDate('WEEK', timeMs, 'America/New_York');
    assert.ok(next - timeMs <= 7 * 86_400_000 + 3_600_000 && next > timeMs);
    assert.match(shown.format(next), /^Sun(day)?,? [23] AM$/u);
    timeMs = next;
  }
});

test('knows time zones by name', () => {
  assert.deepEqual(['Europe/Berlin', 'UTC', 'Mars/Base', ''].map(isTimeZone), [true, true, false, false]);
});
