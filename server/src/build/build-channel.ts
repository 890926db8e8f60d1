import { channel } from 'node:diagnostics_channel';

/** Publishes each `BuildRecord` that a runner of this process starts to build. */
export const begunBuilds = channel('slipway:build-begin');

/** Publishes each `BuildRecord` that this process ends. All its lines are committed then, but its log is not sealed yet. */
export const endedBuilds = channel('slipway:build-end');
