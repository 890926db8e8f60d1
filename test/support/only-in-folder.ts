/** A test, or a whole file, that `slipway test --stores` leaves out: it is about what only a server with its own data folder has. */
export interface OnlyInFolder {
  file: string;
  /** The name of the test; the whole file without it. */
  test?: string;
  why: string;
}

/**
 * All that differs between the two ways to keep records and objects, as far as a test of the quick tier looks at it. A server that a test
 * starts by itself with `slipway serve`, and one that `slipway build` starts for itself, keep their data folders.
 */
export const ONLY_IN_FOLDER: readonly OnlyInFolder[] = [
  {
    file: 'test/build/first-build.test.ts',
    test: 'build examples/hello shows the numbered, staged log, pushes an image, and every official client reads the same lines',
    why: 'slipway build without a server keeps its records in the data folder',
  },
  {
    file: 'test/command-line/bad-input.test.ts',
    test: 'a data folder that is in use, from a newer version, or damaged: exit 4 and the fix',
    why: 'it damages the database in the data folder',
  },
  {
    file: 'test/command-line/bad-input.test.ts',
    test: 'a full disk: exit 4 and the reason; acknowledged lines stay, and the next build works once there is space',
    why: 'with the records elsewhere, a build is queued although the disk is full, and waits for space',
  },
  {
    file: 'test/rights/call-record.test.ts',
    test: 'writes and denials of both APIs are in the record of calls, with caller, action and origin, for anyone who may read it',
    why: 'it reads the database in the data folder',
  },
  {
    file: 'test/secrets/at-rest.test.ts',
    test: 'no secret of a user or a session is in the data folder or in what the server says, nor the key of a key file outside',
    why: 'it searches the database in the data folder',
  },
  {
    file: 'test/source/hook.test.ts',
    test: 'a push event from a code host builds its commit with the configured token and sets its status, and neither token nor secret is stored or shown',
    why: 'it searches the database in the data folder',
  },
];
