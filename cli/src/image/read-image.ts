import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Image } from '@slipway/client/registry/push-image.ts';

import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { folderContent, tarContent } from './archive-content.ts';
import { type Compression, detectCompression, readArchive } from './archive-file.ts';
import { readDockerArchive } from './docker-archive.ts';
import { readOciLayout } from './oci-layout.ts';
import { readRootFileSystem } from './root-file-system.ts';
import { listTar, type TarEntry } from './tar-listing.ts';

/** What `readImage` needs in addition to the file. */
export interface ReadImageOptions {
  /** The tag it will get: chooses among several images of an archive. */
  tag: string;
  /** Name of the image inside the archive. */
  ref?: string | undefined;
  /** Of a root file system; the machine's by default. */
  architecture?: string | undefined;
  /** For layers that must be compressed; needed until the image was pushed. */
  workFolder: string;
}

// The only names at the top of `docker save` archives and OCI layouts. An archive with any other name is a root file
// system.
const IMAGE_ARCHIVE_NAME =
  /^(?:manifest\.json|repositories|index\.json|oci-layout|blobs(?:\/.*)?|[0-9a-f]{64}(?:\.json|\.tar|\/.*)?|)$/;

/**
 * Reads an image from a file or folder, by its content: an OCI layout (folder or tar), an archive of `docker save`, or
 * a root file system as tar, each plain or compressed with gz, xz or zst. Throws CliError.
 */
export async function readImage(path: string, options: ReadImageOptions): Promise<Image> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new CliError(EXIT_CODES.usage, `${path} cannot be read: ${cause.code ?? cause.message}`, { cause });
  });
  if (found.isDirectory()) return readFolder(path, options);
  if (!found.isFile()) throw new CliError(EXIT_CODES.usage, `${path} is neither a file nor a folder`);
  const compression = await detectCompression(path);
  const entries = await listImageArchive(path, compression);
  if (entries === undefined) return readRootFileSystem(path, { ...options, compression });

  const plain = await plainTar(path, compression, options.workFolder);
  const placed = compression === 'none' ? entries : await listAll(plain);
  const content = tarContent(plain, placed, path);
  return placed.has('index.json') ? readOciLayout(content, options) : readDockerArchive(content, options);
}

async function readFolder(folder: string, options: ReadImageOptions): Promise<Image> {
  const content = folderContent(folder);
  if ((await content.findSizeBytes('oci-layout')) === undefined) {
    const fix = `for a root file system: tar -C ${folder} -cf rootfs.tar . and import rootfs.tar`;
    throw new CliError(EXIT_CODES.usage, `${folder} is not an OCI layout (it has no file oci-layout); ${fix}`);
  }
  return readOciLayout(content, options);
}

/** The entries of an image archive; undefined as soon as the archive proves to be something else. */
async function listImageArchive(file: string, compression: Compression): Promise<Map<string, TarEntry> | undefined> {
  const entries = new Map<string, TarEntry>();
  let isArchive = true;
  await listTar(readArchive(file, compression), file, (entry) => {
    isArchive = IMAGE_ARCHIVE_NAME.test(entry.name);
    entries.set(entry.name, entry);
    return isArchive;
  });
  const isLayout = entries.has('oci-layout') && entries.has('index.json');
  return isArchive && (isLayout || entries.has('manifest.json')) ? entries : undefined;
}

async function listAll(file: string): Promise<Map<string, TarEntry>> {
  const entries = new Map<string, TarEntry>();
  await listTar(readArchive(file, 'none'), file, (entry) => {
    entries.set(entry.name, entry);
    return true;
  });
  return entries;
}

async function plainTar(file: string, compression: Compression, workFolder: string): Promise<string> {
  if (compression === 'none') return file;
  const plain = join(workFolder, 'archive.tar');
  await pipeline(readArchive(file, compression), createWriteStream(plain));
  return plain;
}
