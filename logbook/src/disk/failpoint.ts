/** The moments at which tests make a process die or fail, in the order of a log's life. */
export const FAILPOINTS = [
  'append.beforeWrite',
  /** The text is on the device; the index may or may not be. */
  'append.afterWrite',
  /** Both are on the device, but nothing is acknowledged yet. */
  'append.afterSync',
  'append.afterAck',
  'seal.begin',
  'seal.afterCompress',
  'seal.afterSync',
  /** The archive has its final name; the index, which makes the log sealed, does not yet. */
  'seal.afterRename',
  'seal.beforeDeleteLocal',
  /** A removed log has lost its name but still has its files. */
  'remove.afterRename',
] as const;
export type Failpoint = (typeof FAILPOINTS)[number];

const armed = new Map<Failpoint, () => void>();

/** Makes a failpoint do something: kill the process, or throw. Nothing in the product calls this. */
export function armFailpoint(name: Failpoint, act: () => void): void {
  armed.set(name, act);
}

/** A failpoint: does nothing unless a test has armed it. */
export function failpoint(name: Failpoint): void {
  if (armed.size > 0) armed.get(name)?.();
}
