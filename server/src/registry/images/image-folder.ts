import { createHash } from 'node:crypto';
import { lstat, opendir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A `dir:` folder that skopeo would not write, so none of it is read. */
export class ImageFolderError extends Error {
  override readonly name = 'ImageFolderError';
}

/** Limits on a `dir:` folder that came out of a sandbox. */
export interface ImageFolderLimits {
  maxBytes: number;
  maxEntries: number;
}

export const DEFAULT_IMAGE_FOLDER_LIMITS: ImageFolderLimits = { maxBytes: 64 * 2 ** 30, maxEntries: 1024 };

const MAX_MANIFEST_BYTES = 4 * 2 ** 20;
const BLOB_NAME = /^[0-9a-f]{64}$/;
/** For each image of an index. */
const MANIFEST_NAME = /^(manifest|[0-9a-f]{64}\.manifest)\.json$/;

/**
 * Checks that a `dir:` folder holds only the parts of an image: regular files named `manifest.json`, `version`, 64 hex
 * digits or, for each image of an index, 64 hex digits and `.manifest.json`; of a limited number and size. A build
 * wrote the folder, so it is untrusted: a link in it would make skopeo read a file of this machine, a pipe would block
 * it. The writer must have ended before the call. Throws ImageFolderError that names the entry and the rule.
 */
export async function checkImageFolder(folder: string, limits = DEFAULT_IMAGE_FOLDER_LIMITS): Promise<void> {
  const top = await lstat(folder);
  if (!top.isDirectory()) throw new ImageFolderError('the image is not a folder');
  let totalBytes = 0;
  let entries = 0;
  let hasManifest = false;
  for await (const { name } of await opendir(folder)) {
    if (++entries > limits.maxEntries) throw new ImageFolderError(`the image has more than ${limits.maxEntries} files`);
    const shown = JSON.stringify(name);
    if (!MANIFEST_NAME.test(name) && name !== 'version' && !BLOB_NAME.test(name)) {
      throw new ImageFolderError(`the image holds ${shown}, which is neither manifest.json, version nor a blob`);
    }
    const found = await lstat(join(folder, name));
    if (!found.isFile()) throw new ImageFolderError(`the image's ${shown} is not a regular file`);
    if (found.nlink > 1) throw new ImageFolderError(`the image's ${shown} is linked from somewhere else`);
    if (!BLOB_NAME.test(name) && found.size > MAX_MANIFEST_BYTES) {
      throw new ImageFolderError(`the image's ${shown} has ${found.size} bytes; ${MAX_MANIFEST_BYTES} are allowed`);
    }
    totalBytes += found.size;
    if (totalBytes > limits.maxBytes) throw new ImageFolderError(`the image is larger than ${limits.maxBytes} bytes`);
    hasManifest ||= name === 'manifest.json';
  }
  if (!hasManifest) throw new ImageFolderError('the image has no manifest.json');
}

/** The digest of the manifest in a `dir:` folder, which is the image's digest. */
export async function readFolderDigest(folder: string): Promise<string> {
  const manifest = await readFile(join(folder, 'manifest.json'));
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}
