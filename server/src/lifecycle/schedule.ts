/** When a rule runs by schedule: on Sundays, or on the first day of each month, at two o'clock. */
export type Schedule = 'WEEK' | 'MONTH';

const HOUR = 2;
const DAY_MS = 86_400_000;

/**
 * The first date of a schedule after a time, by the clock of a time zone. If that clock skips two o'clock on that day,
 * the run is as long after midnight as on other days, which is three o'clock; if it shows two o'clock twice, the first
 * time counts.
 */
export function nextDate(schedule: Schedule, afterMs: number, timeZone: string): number {
  const clock = clockOf(timeZone);
  // As if the clock of the time zone were UTC's.
  const today = new Date(clock(afterMs));
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  const sunday = day - today.getUTCDay();
  const dates = [0, 1, 2].map((each) =>
    schedule === 'WEEK' ? Date.UTC(year, month, sunday + 7 * each, HOUR) : Date.UTC(year, month + each, 1, HOUR),
  );
  const next = dates.map((shownMs) => instantOf(shownMs, clock)).find((timeMs) => timeMs > afterMs);
  if (next === undefined) throw new Error(`no date of ${schedule} after ${afterMs} in ${timeZone}`);
  return next;
}

/** Whether there is a time zone of this name, such as Europe/Berlin. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The time at which a clock shows a given time, both in milliseconds as if the clock were UTC's. */
function instantOf(shownMs: number, clock: (timeMs: number) => number): number {
  const before = shownMs - DAY_MS;
  const after = shownMs + DAY_MS;
  const guesses = [shownMs - (clock(before) - before), shownMs - (clock(after) - after)];
  const [first, second] = guesses.toSorted((one, other) => one - other) as [number, number];
  return [first, second].find((timeMs) => clock(timeMs) === shownMs) ?? second;
}

/** The time on the clock of a time zone, to the second, as if it were UTC. */
function clockOf(timeZone: string): (timeMs: number) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (timeMs) => {
    const parts = Object.fromEntries(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day, hour, minute, second } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
}
