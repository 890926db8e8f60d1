import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DockerfileLines } from '#build/build.ts';
import { BuildFailed } from '../failure/build-failed.ts';

/** A Dockerfile may name as many as fit into it. Looking for this many takes a moment. */
const LOOKED_FOR = 1000;

/** A path of the source, without wildcards, and where a Dockerfile names it. */
interface NamedSource {
  path: string;
  dockerfile: DockerfileLines;
}

/** Throws `BuildFailed` if one of the first thousand is not in the source. */
export async function requireSources(context: string, sources: readonly NamedSource[]): Promise<void> {
  for (const { path, dockerfile } of sources.slice(0, LOOKED_FOR)) {
    if (await mayExist(context, path)) continue;
    const shown = path.replace(/^\.?\//, '').slice(0, 500);
    const failure = new BuildFailed('step-file-missing', `${shown} does not exist in the source (COPY --parents)`);
    failure.dockerfile = dockerfile;
    throw failure;
  }
}

/**
 * Whether a path is in the source, as far as that can be seen without following a link: it could lead out of the source, and
 * only the builder follows it inside. The same if a folder may not be read.
 */
async function mayExist(context: string, path: string): Promise<boolean> {
  if (path.includes('\0')) return false;
  let at = context;
  for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
    at = join(at, name);
    try {
      if ((await lstat(at)).isSymbolicLink()) return true;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(code)) return false;
      if (code === 'EACCES') return true;
      throw error;
    }
  }
  return true;
}
