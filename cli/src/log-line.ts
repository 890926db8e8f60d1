import type { Line } from '@slipway/client/native.gen.ts';

/** A line of a log, as the native API gives it. */
export type LogLine = Line;
