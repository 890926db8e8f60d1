import { createHash, type Hash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { BuildFailed } from '../failure/build-failed.ts';
import { runProgram, type StartProgram } from './program.ts';
import { sourceLimitMet } from './source-limit.ts';
import type { WorkFolder } from './work-folder.ts';

/**
 * Unpacks a client's archive into `folder.context`, which it empties first, as the server's plain user: tar refuses names that lead outside, and
 * creates links last. Returns the SHA-256 of the archive. Throws `BuildFailed` as the source's fault if the archive cannot be read or is too large.
 */
export async function unpackArchive(unpack: {
  archive: Readable;
  folder: WorkFolder;
  limitBytes: number;
  start: StartProgram;
  env: (extra: Record<string, string>) => Record<string, string>;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => Promise<void>;
}): Promise<string> {
  const { folder, limitBytes, start, signal } = unpack;
  // A try that was interrupted leaves files.
  await rm(folder.context, { recursive: true, force: true });
  await mkdir(folder.context, { mode: 0o755 });
  const limit = new AbortController();
  const hash = createHash('sha256');
  const code = await runProgram({
    command: 'tar',
    args: ['--extract', '--file=-', '--no-same-owner', '--preserve-permissions', '--delay-directory-restore'],
    cwd: folder.context,
    env: unpack.env({ HOME: folder.home }),
    start,
    largestFileBytes: limitBytes,
    signal: AbortSignal.any([signal, limit.signal]),
    input: Readable.from(hashed(unpack.archive, hash), { objectMode: false }),
    onOutput: async (chunk) => {
      // Otherwise it would continue, and report each remaining file.
      const met = await sourceLimitMet(chunk.toString(), folder.context, limitBytes);
      if (met) limit.abort(met);
      else await unpack.onOutput(chunk);
    },
  });
  if (code !== 0)
    throw new BuildFailed('source-archive', `the source archive cannot be unpacked: tar ended with exit code ${code}`);
  return hash.digest('hex');
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}
