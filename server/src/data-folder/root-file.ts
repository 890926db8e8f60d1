import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ExitError } from '#process/exit-error.ts';

/** The account, the key pair of its owner, and the instance. */
export interface Owner {
  AccountId: string;
  AccessKeyId: string;
  AccessKeySecret: string;
  InstanceId: string;
}

/** The account's owner, as `root.json` of the data folder says it to clients on this machine. */
export interface RootAccount extends Owner {
  RegionId: string;
  Endpoint: string;
}

/**
 * `root.json` (mode 0600): a copy of the owner in the database for commands on this machine, with the address of this start. It belongs
 * to the user who started the server, and is written after the server has become the plain user, so it stays open until then.
 */
export class RootFile {
  readonly file: string;
  /** The owner in the file before this start; undefined if it had none. */
  readonly found: Owner | undefined;
  /** Why a file that exists has none. */
  readonly damage: string | undefined;
  readonly #descriptor: number;

  /** Opens the file, or makes an empty one. Throws `ExitError` 4. */
  static open(folder: string, place: { RegionId: string; Endpoint: string }): RootFile {
    const file = join(folder, 'root.json');
    try {
      const content = readIfThere(file);
      const { owner, damage } = parse(content);
      // Nobody reads half of it.
      if (owner) writeDurably(file, textOf({ ...owner, ...place }));
      return new RootFile({ file, found: owner, damage, descriptor: openSync(file, owner ? 'r+' : 'a+', 0o600) });
    } catch (error) {
      throw new ExitError(4, `${file} cannot be read or written: ${(error as Error).message}`, { cause: error });
    }
  }

  private constructor(opened: {
    file: string;
    found: Owner | undefined;
    damage: string | undefined;
    descriptor: number;
  }) {
    this.file = opened.file;
    this.found = opened.found;
    this.damage = opened.damage;
    this.#descriptor = opened.descriptor;
  }

  /**
   * Writes the account if the file has another one, and closes it. Returns whether it wrote. A crash in between leaves a damaged file,
   * which the next start writes again.
   */
  finish(account: RootAccount): boolean {
    const { RegionId, Endpoint } = account;
    const isSame = this.found !== undefined && textOf({ ...this.found, RegionId, Endpoint }) === textOf(account);
    if (!isSame) {
      ftruncateSync(this.#descriptor, 0);
      writeSync(this.#descriptor, textOf(account), 0);
      fsyncSync(this.#descriptor);
    }
    closeSync(this.#descriptor);
    return !isSame;
  }
}

function textOf({ AccountId, AccessKeyId, AccessKeySecret, RegionId, InstanceId, Endpoint }: RootAccount): string {
  return `${JSON.stringify({ AccountId, AccessKeyId, AccessKeySecret, RegionId, InstanceId, Endpoint }, null, 2)}\n`;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function parse(content: string): { owner?: Owner; damage?: string } {
  if (content === '') return {};
  try {
    const account = JSON.parse(content) as Record<string, unknown>;
    for (const field of ['AccountId', 'AccessKeyId', 'AccessKeySecret', 'InstanceId'])
      if (typeof account[field] !== 'string' || account[field] === '') return { damage: `it has no ${field}` };
    const { AccountId, AccessKeyId, AccessKeySecret, InstanceId } = account as unknown as Owner;
    return { owner: { AccountId, AccessKeyId, AccessKeySecret, InstanceId } };
  } catch (error) {
    return { damage: (error as Error).message };
  }
}

function writeDurably(file: string, content: string): void {
  const partial = `${file}.partial`;
  const handle = openSync(partial, 'w', 0o600);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(partial, file);
}
