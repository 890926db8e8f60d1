import { mkdirSync } from 'node:fs';

/**
 * Creates a folder and its missing parents, like `mkdirSync` with `recursive`. That function never returns if the
 * working folder was removed (seen with Node 24); this one throws ENOENT.
 */
export function makeFolder(path: string, mode = 0o777): void {
  const parts = path.split('/');
  for (const [index] of parts.entries()) {
    const folder = parts.slice(0, index + 1).join('/');
    if (folder === '') continue;
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
