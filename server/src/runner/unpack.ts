import type { Readable } from 'node:stream';
import { BuildFailed } from './build-failed.ts';
import { runProgram } from './program.ts';
import type { WorkFolder } from './work-folder.ts';

/**
 * Unpacks a client's archive into `folder.context` as the server's plain user: tar refuses names that lead outside and
 * makes links last. Throws `BuildFailed` with the source's fault if the archive cannot be read.
 */
export async function unpackArchive(unpack: {
  archive: Readable;
  folder: WorkFolder;
  env: (extra: Record<string, string>) => Record<string, string>;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => Promise<void>;
}): Promise<void> {
  const code = await runProgram({
    command: 'tar',
    args: ['--extract', '--file=-', '--no-same-owner', '--preserve-permissions', '--delay-directory-restore'],
    cwd: unpack.folder.context,
    env: unpack.env({ HOME: unpack.folder.home }),
    signal: unpack.signal,
    input: unpack.archive,
    isPlain: true,
    onOutput: unpack.onOutput,
  });
  if (code !== 0)
    throw new BuildFailed('source', `the source archive cannot be unpacked: tar ended with exit code ${code}`);
}
