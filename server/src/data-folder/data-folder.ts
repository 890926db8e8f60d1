import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UNFINISHED } from '#backup/unfinished-restore.ts';
import { ExitError } from '#process/exit-error.ts';
import { type PlainUser, reachablePath } from '#process/plain-user.ts';
import { ownDataFolder, ownFile, ownPlace } from './own-folder.ts';

/**
 * The paths of a data folder. The folder itself belongs to the user who started the server; its content belongs to the
 * plain user.
 */
export interface DataFolder {
  /** As given, absolute. */
  readonly root: string;
  /** The same folder, by the path that the plain user can reach; all paths below are in it. */
  readonly reachable: string;
  readonly database: string;
  readonly databaseFolder: string;
  /** Space reserved for a full disk. */
  readonly reserve: string;
  readonly logs: string;
  readonly registry: string;
  readonly blobs: string;
  readonly nonces: string;
  /** Held by backups, and by what removes contents. */
  readonly backupLock: string;
  /** For copies that scans make and remove. */
  readonly scan: string;
  /** The sandbox helper's socket, by root's path and by the plain user's. */
  readonly helperSocket: { readonly root: string; readonly reachable: string };
  /** Where commands find the server, and keep an embedded one running. */
  readonly holdersSocket: string;
}

const PLACES = ['db', 'logs', 'registry', 'blobs', 'nonces', 'work', 'scan', 'run'];

/**
 * Creates missing parts of a data folder, and makes its content belong to the plain user. Throws `ExitError` 4 if that
 * is not possible.
 */
export function prepareDataFolder(root: string, user: PlainUser): DataFolder {
  refuseUnfinished(root);
  ownDataFolder(root, user);
  for (const place of PLACES) ownPlace(root, place, user);
  ownFile(join(root, 'db', 'slipway.sqlite'), user);
  const reachable = reachablePath(root, user);
  return {
    root,
    reachable,
    database: join(reachable, 'db', 'slipway.sqlite'),
    databaseFolder: join(reachable, 'db'),
    reserve: join(reachable, 'db', 'reserve'),
    logs: join(reachable, 'logs'),
    registry: join(reachable, 'registry'),
    blobs: join(reachable, 'blobs'),
    nonces: join(reachable, 'nonces'),
    backupLock: join(reachable, 'run', 'backup.sqlite'),
    scan: join(reachable, 'scan'),
    helperSocket: { root: join(root, 'run', 'sandbox.sock'), reachable: join(reachable, 'run', 'sandbox.sock') },
    holdersSocket: join(reachable, 'run', 'holders.sock'),
  };
}

/** A restore that was interrupted left only some of the files. */
function refuseUnfinished(root: string): void {
  if (existsSync(join(root, UNFINISHED)))
    throw new ExitError(
      4,
      `the data folder ${root} is not fully restored; run the same slipway restore again, or choose another one with --data`,
    );
}

const SQLITE_BUSY = 5;

/** Another server uses the data folder. */
export class DataFolderTaken extends ExitError {
  constructor(root: string, cause: unknown) {
    super(4, `another server uses the data folder ${root}; stop it, or choose another one with --data`, { cause });
  }
}

/**
 * Locks the data folder for this process until it ends in any way, because the kernel holds the lock. Throws
 * `DataFolderTaken` if another server has it, `ExitError` 4 if it cannot be locked.
 */
export function lockDataFolder(folder: Pick<DataFolder, 'root' | 'reachable'>): Disposable {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(folder.reachable, 'run', 'lock.sqlite'));
    lock.exec('pragma journal_mode = memory; begin exclusive');
  } catch (error) {
    lock?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) throw new DataFolderTaken(folder.root, error);
    throw new ExitError(
      4,
      `the data folder ${folder.root} cannot be locked (${(error as Error).message}); check its disk and permissions, or choose another one with --data`,
      { cause: error },
    );
  }
  return { [Symbol.dispose]: () => lock?.close() };
}
