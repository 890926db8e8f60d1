import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ExitError } from '#process/exit-error.ts';
import { newId } from '#rpc/new-id.ts';

/** The content of `node.json`. */
interface NodeFile {
  NodeId: string;
  /** Which file this is on its file system: a copy of it is another one. */
  File: string;
}

/**
 * The id of the node that this data folder is: the same at each start, and another one for each copy of the folder, because two
 * servers with one id would end each other's builds. The file `node.json` therefore has its own inode number and the time when it
 * was created; one that does not match its file, or is damaged, is replaced. Throws `ExitError` 4 if it cannot be read or written.
 */
export function openNodeId(folder: string): string {
  const file = join(folder, 'node.json');
  try {
    return readNodeId(file) ?? makeNodeId(file);
  } catch (error) {
    throw new ExitError(
      4,
      `${file} cannot be used (${(error as Error).message}); check the disk and its permissions, or remove the file: the server makes another one`,
      { cause: error },
    );
  }
}

const NODE_ID = /^node-[a-z0-9]{16}$/;

function readNodeId(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const known = parsed(readFileSync(descriptor, 'utf8'));
    return known?.File === identityOf(descriptor) && NODE_ID.test(known.NodeId ?? '') ? known.NodeId : undefined;
  } finally {
    closeSync(descriptor);
  }
}

function makeNodeId(file: string): string {
  const partial = `${file}.partial`;
  rmSync(partial, { force: true });
  const descriptor = openSync(partial, 'wx', 0o644);
  try {
    const node: NodeFile = { NodeId: newId('node'), File: identityOf(descriptor) };
    writeSync(descriptor, `${JSON.stringify(node)}\n`);
    fsyncSync(descriptor);
    renameSync(partial, file);
    return node.NodeId;
  } finally {
    closeSync(descriptor);
  }
}

/** Undefined if the text is not JSON: a crash or a bad disk has damaged the file. */
function parsed(text: string): Partial<NodeFile> | undefined {
  try {
    return (JSON.parse(text) as Partial<NodeFile> | null) ?? undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Does not change when the file is renamed. The time is 0 on file systems that do not have it. */
function identityOf(descriptor: number): string {
  const { ino, birthtimeNs } = fstatSync(descriptor, { bigint: true });
  return `${ino} ${birthtimeNs}`;
}
