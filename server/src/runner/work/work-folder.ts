import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The folders of one build. Fetched files are in the sandbox helper's spaces, which have a fixed size. */
export interface WorkFolder {
  /** `work/<build record id>` in the data folder; the helper puts the image there. */
  readonly root: string;
  /** The checked-out source, which COPY sees. */
  readonly context: string;
  /** Git's own folder, outside the context, so that builds cannot see it. */
  readonly git: string;
  /** Base images in `dir:` form, one folder each, named by the hex of their digest. */
  readonly bases: string;
  /** The finished image in `dir:` form. */
  readonly image: string;
  /** An empty folder: HOME of programs that must read no settings. */
  readonly home: string;
}

/** Returns the folders of a build without creating them. */
export function workFolder(
  dataFolder: string,
  buildRecordId: string,
  spaces: { source: string; bases: string },
): WorkFolder {
  const root = join(dataFolder, 'work', buildRecordId);
  return {
    root,
    context: join(spaces.source, 'context'),
    git: join(spaces.source, 'git'),
    home: join(spaces.source, 'home'),
    bases: spaces.bases,
    image: join(root, 'out', 'img'),
  };
}

export async function makeWorkFolder(folder: WorkFolder): Promise<void> {
  await mkdir(folder.root, { mode: 0o755 });
  for (const place of [folder.context, folder.home]) await mkdir(place, { mode: 0o755 });
}
