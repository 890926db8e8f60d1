/** A figure that takes long to measure: readers get the last one and never wait. */
export interface Remeasured<Figure> {
  /** The last figure; undefined before the first is there. Begins a new measurement if one is due. */
  last(): Figure | undefined;
}

/** How a figure is measured. */
export interface MeasureMeans<Figure> {
  measure(): Promise<Figure>;
  atMostEveryMs: number;
  monotonicMs(): number;
  report(error: unknown): void;
}

/** Between two measurements at least this many times what the last one took passes. */
const REST = 100;

/** One measurement at a time, for at most a hundredth of the time. One that fails is reported, and keeps the figure before. */
export function remeasured<Figure>(means: MeasureMeans<Figure>): Remeasured<Figure> {
  const { atMostEveryMs, monotonicMs } = means;
  let figure: Figure | undefined;
  let dueMs = Number.NEGATIVE_INFINITY;
  let isRunning = false;
  const measure = async () => {
    isRunning = true;
    const startMs = monotonicMs();
    try {
      figure = await means.measure();
    } catch (error) {
      means.report(error);
    }
    const endMs = monotonicMs();
    dueMs = endMs + Math.max(atMostEveryMs, (endMs - startMs) * REST);
    isRunning = false;
  };
  return {
    last() {
      if (!isRunning && monotonicMs() >= dueMs) void measure();
      return figure;
    },
  };
}
