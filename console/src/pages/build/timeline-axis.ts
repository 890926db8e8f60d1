/** Where times are on a timeline, in percent of its width. */
export interface TimelineAxis {
  at(timeMs: number): number;
  /** Where the queue ends, if that is where the axis breaks; undefined if the whole axis has one scale. */
  breakAt: number | undefined;
  /** Round times since the build started, and where they are. */
  ticks: readonly { ms: number; at: number }[];
}

/** A queue that takes a larger share of the time than this is drawn in this share. */
const QUEUE_SHARE = 0.12;
const MOST_TICKS = 5;
const TICK_STEPS_MS = [
  ...[100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000],
  ...[60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 86_400_000],
];

/**
 * The axis of a build that was requested, started and ended (or is now) at these times. A long queue does not crush the rest: the
 * axis breaks where the build started, and before that it has a scale of its own.
 */
export function timelineAxis(times: { requestedMs: number; startedMs: number; endMs: number }): TimelineAxis {
  const { requestedMs, startedMs } = times;
  const queueMs = Math.max(0, startedMs - requestedMs);
  const runMs = Math.max(1, times.endMs - startedMs);
  const share = queueMs / (queueMs + runMs);
  const isBroken = share > QUEUE_SHARE;
  const startAt = 100 * Math.min(share, QUEUE_SHARE);
  const runScale = (100 - startAt) / runMs;
  const queueScale = queueMs === 0 ? 0 : startAt / queueMs;
  const at = (timeMs: number) => {
    const sinceStartMs = timeMs - startedMs;
    const percent = startAt + sinceStartMs * (sinceStartMs < 0 ? queueScale : runScale);
    return Math.min(100, Math.max(0, percent));
  };
  return { at, breakAt: isBroken ? startAt : undefined, ticks: ticksOf(runMs, startedMs, at) };
}

function ticksOf(runMs: number, startedMs: number, at: (timeMs: number) => number) {
  const stepMs = TICK_STEPS_MS.find((step) => runMs / step <= MOST_TICKS) ?? runMs;
  const count = Math.floor(runMs / stepMs);
  return Array.from({ length: count + 1 }, (_, index) => ({ ms: index * stepMs, at: at(startedMs + index * stepMs) }));
}
