import type { FailureRow } from './failure-row.ts';

const REBUILD = { text: 'Build again.', rebuild: true } as const;
const DOCTOR = { text: 'See what this machine lacks, and what may become a problem.', command: 'slipway doctor' };

/** Why a server ended a build, with no fault of the build's. */
export const SERVER_FAILURES = {
  'disk-low': {
    fault: 'machine',
    cause: 'The disk of the data folder is nearly full.',
    fixes: [
      { text: 'See what takes space.', command: 'slipway df' },
      { text: 'Free some, then build again.', command: 'slipway prune' },
    ],
  },
  'storage-away': {
    fault: 'machine',
    cause:
      'The database or the storage of this server did not answer while the build needed it, and for ten minutes afterwards.',
    fixes: [{ text: 'See whether they answer again.', command: 'slipway doctor' }, REBUILD],
  },
  'machine-incapable': {
    fault: 'machine',
    cause: 'The machine lacks something that builds need.',
    fixes: [DOCTOR],
  },
  'sandbox-not-started': {
    fault: 'machine',
    cause: 'The sandbox of the build did not start.',
    fixes: [DOCTOR, REBUILD],
  },
  'sandbox-refused': {
    fault: 'machine',
    cause: 'The sandbox did not accept the build.',
    fixes: [REBUILD, DOCTOR],
  },
  'helper-died': {
    fault: 'machine',
    cause: 'The process that runs sandboxes ended while the build ran.',
    fixes: [REBUILD, DOCTOR],
  },
  'builder-died': {
    fault: 'machine',
    cause: 'The builder was killed or crashed.',
    fixes: [REBUILD, DOCTOR],
  },
  'builder-failed': {
    fault: 'machine',
    cause: 'The builder failed because of its own disk, memory or programs.',
    fixes: [REBUILD, DOCTOR],
  },
  'network-died': {
    fault: 'machine',
    cause: 'The program that connects the sandbox to the network ended.',
    fixes: [REBUILD, DOCTOR],
  },
  'log-lost': {
    fault: 'machine',
    cause: 'The log could not be written to disk.',
    fixes: [{ text: 'See whether the disk is full or broken.', command: 'slipway df' }, REBUILD],
  },
  'server-failed': {
    fault: 'machine',
    cause: 'The server met an error of its own. Its log has the details.',
    fixes: [REBUILD, { text: 'If it happens again, read the server’s log.', command: 'journalctl -u slipway' }],
  },
  'server-stopped': {
    fault: 'machine',
    cause: 'The server was stopped while the build ran.',
    fixes: [REBUILD],
  },
  'server-ended': {
    fault: 'machine',
    cause: 'The server ended while the build ran: it was killed, or the machine restarted.',
    fixes: [REBUILD],
  },
  'worker-lost': {
    fault: 'machine',
    cause: 'The worker that ran the build does not answer any more.',
    fixes: [REBUILD],
  },
  cancelled: {
    fault: 'cancelled',
    cause: 'Somebody cancelled the build.',
    fixes: [REBUILD],
  },
  superseded: {
    fault: 'cancelled',
    cause: 'A newer build of the same tag took its place.',
    fixes: [{ text: 'Look at the newer build.', command: 'slipway builds --repository {repository}' }],
  },
} as const satisfies Record<string, FailureRow>;
