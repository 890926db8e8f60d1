import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files below a folder of a root, as paths from the root, in the order of their names. */
export function* filesBelow(root: string, path: string): Generator<string> {
  for (const entry of namesIn(join(root, path))) {
    const inside = `${path}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, inside);
    else if (entry.isFile()) yield inside;
  }
}

/** What a folder has, in the order of names; nothing if it does not exist. */
export function namesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
