import { statSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '#backup/files-below.ts';
import { IMAGES } from '#blob/bucket-layout.ts';

/** A file of the old folder that becomes an object. */
export interface SourceObject {
  key: string;
  file: string;
  sizeBytes: number;
  /** What it must have, where its name says so. */
  sha256?: string;
  /** Its content, where its name says so and the file is not whole. */
  text?: string;
}

/** What files become objects with the same prefix. */
export interface ObjectKind {
  prefix: 'sources' | 'charts' | 'images';
  /** In the order of their names. */
  list(root: string): Generator<SourceObject>;
  /** The file of an object. */
  fileOf(root: string, key: string): string;
}

const REGISTRY = 'registry/storage';

/** Files of sent folders and charts, and all of distribution's, whose keys below `images/` are its paths in a folder. */
export const OBJECT_KINDS: readonly ObjectKind[] = [
  ...(['sources', 'charts'] as const).map(
    (prefix): ObjectKind => ({
      prefix,
      *list(root) {
        for (const key of filesBelow(join(root, 'blobs'), prefix))
          if (!key.endsWith('.partial')) yield objectOf(key, join(root, 'blobs', key));
      },
      fileOf: (root, key) => join(root, 'blobs', key),
    }),
  ),
  {
    prefix: IMAGES,
    *list(root) {
      for (const path of filesBelow(join(root, REGISTRY), 'docker')) {
        // Uploads that were not completed.
        if (path.includes('/_uploads/')) continue;
        yield {
          ...objectOf(`${IMAGES}/${path}`, join(root, REGISTRY, path)),
          ...knownContent(path, join(root, REGISTRY, path)),
        };
      }
    },
    fileOf: (root, key) => join(root, REGISTRY, key.slice(IMAGES.length + 1)),
  },
];

const BLOB = /\/blobs\/sha256\/[0-9a-f]{2}\/([0-9a-f]{64})\/data$/;
const LINK = /\/_(?:layers|manifests\/revisions|manifests\/tags\/[^/]+\/index)\/sha256\/([0-9a-f]{64})\/link$/;

function objectOf(key: string, file: string): SourceObject {
  return { key, file, sizeBytes: statSync(file).size };
}

/** A blob's name is its digest. A link's content is the digest in its path; a crash can leave it empty. */
function knownContent(path: string, file: string): Partial<SourceObject> {
  const blob = BLOB.exec(path)?.[1];
  if (blob !== undefined) return { sha256: blob };
  const link = LINK.exec(path)?.[1];
  if (link === undefined || statSync(file).size > 0) return {};
  const text = `sha256:${link}`;
  return { text, sizeBytes: text.length };
}
