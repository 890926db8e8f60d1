/** A test, or a whole file, that `slipway test --stores` leaves out: it is about what only a server with its own data folder has. */
export interface OnlyInFolder {
  file: string;
  /** The name of the test; the whole file without it. */
  test?: string;
  why: string;
}

/** All that differs between the two ways to keep records and objects, as far as a test of the quick tier looks at it. */
export const ONLY_IN_FOLDER: readonly OnlyInFolder[] = [];
