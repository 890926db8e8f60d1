import { channel } from 'node:diagnostics_channel';

/*
 * What a logbook tells of its work, for figures, over channels of Node's own (https://nodejs.org/api/diagnostics_channel.html):
 * who wants to know subscribes, and where nobody does it costs one look at a flag.
 */

/** Lines were committed: so many, and how long that took from the first byte written to both files synced. */
export type LogAppended = { lineCount: number; durationMs: number };

/** A page was read. */
export type LogPageRead = { durationMs: number };

/** A sealed log was found to be other than its seal says. */
export type SealMismatch = { logId: string; reason: string };

export const logAppends = channel('slipway:log-append');
export const logPages = channel('slipway:log-page');
export const sealMismatches = channel('slipway:seal-mismatch');
