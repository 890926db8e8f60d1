import { channel } from 'node:diagnostics_channel';

/*
 * A logbook publishes events for metrics on Node's diagnostics channels (https://nodejs.org/api/diagnostics_channel.html).
 * Without a subscriber, this costs only a check of a flag.
 */

/** Lines were committed: how many, and the time from the first byte written until both files were synced. */
export interface LogAppended {
  lineCount: number;
  durationMs: number;
}

/** A page was read. */
export interface LogPageRead {
  durationMs: number;
}

/** A sealed log does not match its seal. */
export interface SealMismatch {
  logId: string;
  reason: string;
}

export const logAppends = channel('slipway:log-append');
export const logPages = channel('slipway:log-page');
export const sealMismatches = channel('slipway:seal-mismatch');
