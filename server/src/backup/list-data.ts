import { join } from 'node:path';
import { filesBelow, namesIn } from './files-below.ts';
import type { Snapshot } from './snapshot-store.ts';

/** A file of a data folder that is part of a backup. */
export type DataFile =
  | { kind: 'file'; path: string }
  /** Named by its SHA-256. */
  | { kind: 'blob'; path: string; sha256: string }
  /** One of distribution's links, whose path determines its content. */
  | { kind: 'link'; path: string; text: string }
  /** A log, sealed or running. */
  | { kind: 'log'; path: string };

const REGISTRY = 'registry/storage/docker/registry/v2';

/**
 * The contents that the database names: sent folders and charts, logs, images. What came after the database was copied is left out,
 * as are caches, keys that are made again, and what only a running server needs.
 */
export function* listData(root: string, snapshot: Snapshot): Generator<DataFile> {
  // Half-written objects, and folders in which conversions work.
  for (const path of filesBelow(root, 'blobs'))
    if (!path.endsWith('.partial') && !path.startsWith('blobs/conversions/')) yield { kind: 'file', path };
  const known = snapshot.logIds();
  for (const prefix of namesIn(join(root, 'logs')))
    for (const { name } of namesIn(join(root, 'logs', prefix.name)))
      if (known.has(name)) yield { kind: 'log', path: `logs/${prefix.name}/${name}` };
  yield* snapshot.hasImages() ? listImages(snapshot) : listRegistry(root);
}

function* listImages(snapshot: Snapshot): Generator<DataFile> {
  const blobs = new Set<string>();
  let links = new Set<string>();
  let repository = '';
  for (const image of snapshot.images()) {
    if (image.repository !== repository) links = new Set();
    repository = image.repository;
    const folder = `${REGISTRY}/repositories/${repository}`;
    for (const digest of [image.digest, ...image.blobs]) {
      if (!blobs.has(digest)) yield blobOf(digest);
      blobs.add(digest);
      const place = digest === image.digest ? '_manifests/revisions' : '_layers';
      const path = `${folder}/${place}/${digest.replace(':', '/')}/link`;
      if (!links.has(path)) yield { kind: 'link', path, text: digest };
      links.add(path);
    }
  }
}

/** Everything that the registry has, for a database that does not name its images yet. */
function* listRegistry(root: string): Generator<DataFile> {
  for (const path of filesBelow(root, 'registry/storage')) {
    const hex = /\/blobs\/sha256\/[0-9a-f]{2}\/([0-9a-f]{64})\/data$/.exec(path)?.[1];
    if (hex !== undefined) yield blobOf(`sha256:${hex}`);
    else if (!path.includes('/_uploads/')) yield { kind: 'file', path };
  }
}

function blobOf(digest: string): DataFile {
  return { kind: 'blob', path: blobPath(digest), sha256: digest.replace('sha256:', '') };
}

/** Where distribution keeps a blob. */
export function blobPath(digest: string): string {
  const hex = digest.replace('sha256:', '');
  return `${REGISTRY}/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
}
