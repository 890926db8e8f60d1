import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The places of one build. What it fetches lies in spaces of the sandbox helper's, which have a size. */
export interface WorkFolder {
  /** `work/<build record id>` in the data folder; the helper puts the image there. */
  readonly root: string;
  /** The checked-out source: what COPY sees. */
  readonly context: string;
  /** Git's own folder, beside the context, so that no build can see it. */
  readonly git: string;
  /** Base images in `dir:` form, a folder each, named by the hex of their digest. */
  readonly bases: string;
  /** The finished image in `dir:` form. */
  readonly image: string;
  /** An empty folder: HOME of programs that must read no settings. */
  readonly home: string;
}

/** Names the places of a build without making them. */
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
