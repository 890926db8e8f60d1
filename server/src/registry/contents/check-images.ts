import type { Database } from '#db/database.ts';
import { listSweptRepositories, type ManifestNeeds, manifestNeeds } from '#image/sweep-store.ts';
import { listTagsOf } from '#image/tag-store.ts';
import type { ImageStorage } from '../distribution/image-storage.ts';

/**
 * Where table and storage differ. `missing`: a manifest of the table is not in the storage. `incomplete`: some of its layers or its
 * configuration are not. `damaged`: some have another size. `unknown`: a manifest of the storage is not in the table.
 */
export interface Difference {
  repository: string;
  digest: string;
  kind: 'missing' | 'incomplete' | 'damaged' | 'unknown';
  tags: string[];
  /** Those of an incomplete or a damaged image that are not there or damaged; of very many, the first ones. */
  layers: string[];
}

/** What was found; of very many differences, the first ones. */
export interface ImageCheck {
  manifests: number;
  differences: Difference[];
  more: boolean;
}

const DIFFERENCES_LIMIT = 1000;
const LAYERS_LIMIT = 20;

type CheckedStorage = Pick<ImageStorage, 'manifests' | 'layers' | 'blobs' | 'blobBytes' | 'openBlob'>;

/** Compares the table of images with distribution's storage. Pushes that run meanwhile may appear as differences. */
export async function checkImages(db: Database, storage: CheckedStorage): Promise<ImageCheck> {
  const check: ImageCheck = { manifests: 0, differences: [], more: false };
  const add = (difference: Difference) => {
    if (check.differences.length < DIFFERENCES_LIMIT) check.differences.push(difference);
    else check.more = true;
  };
  const sizes = new Map<string, number>();
  for await (const { digest, sizeBytes } of storage.blobs()) sizes.set(digest, sizeBytes);
  for (const { repoId, name: repository } of await listSweptRepositories(db, 'all')) {
    const links: Links = { manifests: new Set(), layers: new Set() };
    for await (const digest of storage.manifests(repository)) links.manifests.add(digest);
    for await (const digest of storage.layers(repository)) links.layers.add(digest);
    const unknown = new Set(links.manifests);
    for await (const manifest of manifestNeeds(db, repoId)) {
      const { digest, isLeaving } = manifest;
      if (isLeaving) continue;
      unknown.delete(digest);
      check.manifests += 1;
      for await (const found of differencesOf(storage, { repository, links, sizes }, manifest))
        add({ repository, digest, ...found, tags: await listTagsOf(db, repoId, digest) });
    }
    for (const digest of unknown) add({ repository, digest, kind: 'unknown', tags: [], layers: [] });
  }
  return check;
}

interface Links {
  manifests: Set<string>;
  layers: Set<string>;
}

/** Asks for what the lists do not have: a store may list it late. */
async function* differencesOf(
  storage: CheckedStorage,
  { repository, links, sizes }: { repository: string; links: Links; sizes: Map<string, number> },
  { digest, sizeBytes, blobs }: ManifestNeeds,
): AsyncGenerator<Pick<Difference, 'kind' | 'layers'>> {
  const isWhole = sizes.get(digest) === sizeBytes || (await storage.blobBytes(digest)) === sizeBytes;
  if (!isWhole || !links.manifests.has(digest)) {
    yield { kind: 'missing', layers: [] };
    return;
  }
  const lacking: string[] = [];
  const damaged: string[] = [];
  for (const [layer, layerBytes] of blobs) {
    if (links.layers.has(layer) && sizes.get(layer) === layerBytes) continue;
    const foundBytes = await layerSize(storage, repository, layer);
    if (foundBytes === undefined) lacking.push(layer);
    // A manifest may leave out the sizes of its layers.
    else if (foundBytes !== layerBytes && layerBytes !== 0) damaged.push(layer);
  }
  if (lacking.length > 0) yield { kind: 'incomplete', layers: lacking.slice(0, LAYERS_LIMIT) };
  if (damaged.length > 0) yield { kind: 'damaged', layers: damaged.slice(0, LAYERS_LIMIT) };
}

async function layerSize(storage: CheckedStorage, repository: string, digest: string): Promise<number | undefined> {
  const layer = await storage.openBlob(repository, digest);
  await layer?.close();
  return layer?.sizeBytes;
}
