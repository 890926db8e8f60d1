import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { HOST_PLATFORM, platformParts } from '#platform/platform.ts';
import { makeFolder } from '../folder/make-folder.ts';
import { parseUnambiguous } from './image-config.ts';

const BLOB_NAME = /^[0-9a-f]{64}$/;
const DIGEST_FORM = /^sha256:([0-9a-f]{64})$/;
const LARGEST_INDEX_BYTES = 64 * 1024;
const LARGEST_MANIFEST_BYTES = 2 ** 20;
const MOST_IMAGES = 64;
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';

/**
 * Turns an image folder in skopeo's `dir:` form into an OCI image layout of the same bytes, in place
 * (https://github.com/opencontainers/image-spec/blob/main/image-layout.md). The folder must have one image, whose
 * manifest has the given digest. Returns the digest of its configuration; throws if the folder has another form.
 */
export function toImageLayout(folder: string, digest: string): string {
  const manifest = readSmallFile(`${folder}/manifest.json`, LARGEST_MANIFEST_BYTES);
  const hex = createHash('sha256').update(manifest).digest('hex');
  if (digest !== `sha256:${hex}`) throw new Error(`the manifest has the digest sha256:${hex}`);
  const { mediaType, config } = parseUnambiguous(manifest.toString(), 'manifest') as {
    mediaType?: unknown;
    config?: { digest?: unknown };
  };
  const configHex = DIGEST_FORM.exec(String(config?.digest))?.[1];
  if (configHex === undefined) throw new Error('its manifest names no configuration');
  const blobs = `${folder}/blobs/sha256`;
  makeFolder(blobs, 0o755);
  for (const name of readdirSync(folder)) {
    if (BLOB_NAME.test(name)) renameSync(`${folder}/${name}`, `${blobs}/${name}`);
    else if (name !== 'blobs') rmSync(`${folder}/${name}`, { recursive: true });
  }
  writeFileSync(`${blobs}/${hex}`, manifest);
  const type = typeof mediaType === 'string' ? mediaType : 'application/vnd.oci.image.manifest.v1+json';
  const manifests = [{ mediaType: type, digest, size: manifest.length }];
  writeFileSync(`${folder}/index.json`, JSON.stringify({ schemaVersion: 2, manifests }));
  writeFileSync(`${folder}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}');
  return `sha256:${configHex}`;
}

/** Whether an image in a layout has layers packed with zstd, for which Docker's manifests have no media type. */
export function hasZstdLayers(folder: string, digest: string): boolean {
  const manifest = readSmallFile(`${folder}/blobs/sha256/${digest.slice('sha256:'.length)}`, LARGEST_MANIFEST_BYTES);
  const { layers } = JSON.parse(manifest.toString()) as { layers?: { mediaType?: unknown }[] };
  return Array.isArray(layers) && layers.some((layer) => /zstd$/.test(String(layer?.mediaType)));
}

/** An image in a layout of its own: of this platform, in `folder`, which a box has at `seenAt`. */
export interface LayoutOfPlatform {
  platform?: string;
  folder: string;
  seenAt: string;
}

/**
 * Makes a layout of an index whose images are in other layouts, as a box sees them: it links to their blobs. Returns
 * the index's digest.
 */
export function writeBaseIndex(folder: string, layouts: readonly LayoutOfPlatform[]): string {
  const blobs = `${folder}/blobs/sha256`;
  makeFolder(blobs, 0o755);
  const byPlatform = new Map(layouts.map((layout) => [layout.platform ?? HOST_PLATFORM, layout]));
  const manifests = [...byPlatform].map(([platform, layout]) => {
    const { manifests } = JSON.parse(readSmallFile(`${layout.folder}/index.json`, LARGEST_INDEX_BYTES).toString()) as {
      manifests: object[];
    };
    for (const name of readdirSync(`${layout.folder}/blobs/sha256`)) {
      // Two images may share a layer.
      rmSync(`${blobs}/${name}`, { force: true });
      symlinkSync(`${layout.seenAt}/blobs/sha256/${name}`, `${blobs}/${name}`);
    }
    return { ...manifests[0], platform: platformParts(platform) };
  });
  const index = JSON.stringify({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests });
  const hex = createHash('sha256').update(index).digest('hex');
  writeFileSync(`${blobs}/${hex}`, index, { mode: 0o644 });
  const digest = `sha256:${hex}`;
  const only = { mediaType: INDEX_TYPE, digest, size: Buffer.byteLength(index) };
  writeFileSync(`${folder}/index.json`, JSON.stringify({ schemaVersion: 2, manifests: [only] }), { mode: 0o644 });
  writeFileSync(`${folder}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}', { mode: 0o644 });
  return digest;
}

/**
 * Turns a box's output, `index.json` and its blobs side by side, into an image folder of skopeo's `dir:` form. A box
 * may have written anything, so only regular files are read, and only a sensible number of them. Throws if there is no
 * image.
 */
export function toImageFolder(folder: string): void {
  const index = JSON.parse(readSmallFile(`${folder}/index.json`, LARGEST_INDEX_BYTES).toString()) as {
    manifests?: { digest?: unknown }[];
  };
  const hexes = (index.manifests ?? []).map(({ digest }) => DIGEST_FORM.exec(String(digest))?.[1]);
  const [hex] = hexes;
  if (hexes.length !== 1 || hex === undefined) throw new Error('the builder left no image, or more than one');
  for (const child of imagesOf(`${folder}/${hex}`))
    renameSync(`${folder}/${child}`, `${folder}/${child}.manifest.json`);
  renameSync(`${folder}/${hex}`, `${folder}/manifest.json`);
  rmSync(`${folder}/index.json`);
  writeFileSync(`${folder}/version`, 'Directory Transport Version: 1.1\n');
}

/** The names of the images' manifests, if a manifest is an index of several. */
function imagesOf(file: string): string[] {
  const manifest = JSON.parse(readSmallFile(file, LARGEST_MANIFEST_BYTES).toString()) as {
    manifests?: { digest?: unknown }[];
  };
  if (manifest.manifests === undefined) return [];
  const hexes = manifest.manifests.map(({ digest }) => DIGEST_FORM.exec(String(digest))?.[1]);
  const found = [...new Set(hexes)].filter((hex) => hex !== undefined);
  if (hexes.includes(undefined) || found.length === 0 || found.length > MOST_IMAGES)
    throw new Error(`its index names no images, or more than ${MOST_IMAGES}`);
  return found;
}

function readSmallFile(path: string, largestBytes: number): Buffer {
  const stats = lstatSync(path);
  if (!stats.isFile() || stats.size > largestBytes)
    throw new Error(`${path} is not a file of at most ${largestBytes} bytes`);
  return readFileSync(path);
}
