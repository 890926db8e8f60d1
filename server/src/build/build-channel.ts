import { channel } from 'node:diagnostics_channel';

/** Gets each `BuildRecord` that this process ended, as it is then: all its lines are committed, its log is not sealed yet. */
export const endedBuilds = channel('slipway:build-end');
