import { ImageMistake, type Inventory, PACKAGES_LIMIT, type Package } from './inventory.ts';
import { OS_RELEASE_PATHS, RPM_DATABASE, RPM_FOLDERS, RPM_JOURNALS } from './known-files.ts';
import { LayerFiles } from './layer-files.ts';
import { type KeptFile, type LayerMeans, type ReadLimits, readLayer } from './read-layer.ts';

/** An image to read: its layers from the lowest to the highest. */
export interface ImageToRead {
  layers: readonly { file: string; digest: string }[];
  /** An empty folder, for the copy of a database. */
  scratch: string;
  limits: ReadLimits;
}

/** Its content, or why that cannot be read. */
export type ReadImage = { inventory: Inventory } | { mistake: string };

interface Kept extends KeptFile {
  packages: readonly Package[];
}

/**
 * Reads the packages of an image: the databases of its package managers, and the metadata in language packages and Go
 * programs. The image is untrusted, so this runs in a confined process.
 */
export async function readImage({ layers, scratch, limits }: ImageToRead): Promise<ReadImage> {
  try {
    const files = new LayerFiles<Kept>();
    const left = { ...limits };
    for (const layer of layers) await putOn(files, layer, { scratch, left });
    return { inventory: inventoryOf(files) };
  } catch (error) {
    if (!(error instanceof ImageMistake)) throw error;
    return { mistake: error.message };
  }
}

async function putOn(
  files: LayerFiles<Kept>,
  { file, digest }: ImageToRead['layers'][number],
  means: Omit<LayerMeans, 'isHeld'>,
): Promise<void> {
  const isHeld = (path: string) => files.get(path) !== undefined || files.hasBelow(path);
  const layer = await readLayer(file, { ...means, isHeld });
  const before = new Map([...layer.files.keys()].map((path) => [path, files.get(path)]));
  for (const folder of layer.emptied) files.removeBelow(folder);
  for (const path of layer.removed) files.remove(path);
  for (const [path, kept] of layer.files) files.set(path, placed(kept, path, digest, before.get(path)));
}

/** A database is rewritten with each added package: the others came with the layer that they came with. */
function placed(kept: KeptFile, path: string, layer: string, before: Kept | undefined): Kept {
  const known = new Map(before?.packages.map((each) => [keyOf(each), each.layer]));
  return {
    ...kept,
    packages: kept.packages.map((each) => ({ ...each, path, layer: known.get(keyOf(each)) ?? layer })),
  };
}

function inventoryOf(files: LayerFiles<Kept>): Inventory {
  const packages = new Map<string, Package>();
  for (const [path, kept] of files.entries()) {
    if (kept.isUnreadable && (isJournal(path) || !hasReadableRpm(files))) throw unreadable(path);
    // A lock file next to installed packages would repeat them, or list what is not installed.
    if (path.endsWith('package-lock.json') && isInstalled(files, path)) continue;
    for (const each of kept.packages) if (!packages.has(keyOf(each))) packages.set(keyOf(each), each);
    if (packages.size > PACKAGES_LIMIT) throw new ImageMistake(`the image has more than ${PACKAGES_LIMIT} packages`);
  }
  const distribution = OS_RELEASE_PATHS.map((path) => files.get(path)?.distribution).find((each) => each !== undefined);
  return { distribution, packages: [...packages.values()] };
}

function unreadable(path: string): ImageMistake {
  return new ImageMistake(
    isJournal(path)
      ? 'the RPM database was in use when the image was made: its last changes are still in a file of their own'
      : `the RPM database ${path} cannot be read: it is not in SQLite's format, which RPM writes since version 4.16`,
  );
}

function isJournal(path: string): boolean {
  return RPM_JOURNALS.some((name) => path.endsWith(`/${name}`));
}

function hasReadableRpm(files: LayerFiles<Kept>): boolean {
  return RPM_FOLDERS.some((folder) => files.get(`${folder}/${RPM_DATABASE}`) !== undefined);
}

function isInstalled(files: LayerFiles<Kept>, lockPath: string): boolean {
  return files.hasBelow(lockPath.replace(/package-lock\.json$/, 'node_modules'));
}

function keyOf({ format, name, version, architecture }: Omit<Package, 'path' | 'layer'>): string {
  return JSON.stringify([format, name, version, architecture]);
}
