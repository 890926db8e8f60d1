import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { counted } from '@slipway/client/counted.ts';
import type { PulledPart, PullPart } from '@slipway/client/registry/pull-image.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { MAX_JSON_BYTES } from './image-json.ts';

/** A reference to a part of an image (OCI image-spec descriptor.md). */
export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
}

/** The image of one platform. */
export interface PlatformImage {
  /** For example `linux/arm64`. */
  platform: string;
  manifest: Descriptor;
  config: Descriptor;
  layers: readonly Descriptor[];
}

/** An image in a folder: each part is a file named by its digest's hex digits. */
export interface PulledImage {
  folder: string;
  /** The manifest, or the index of several. */
  top: Descriptor;
  images: readonly PlatformImage[];
}

const DIGEST = /^sha256:([0-9a-f]{64})$/;
const IMAGES_LIMIT = 64;
const LAYERS_LIMIT = 1000;

/**
 * Fetches all parts of an image into a folder, and keeps nothing that does not match its digest. Throws `CliError` for
 * anything that is not an image, and `RegistryRequestError`.
 */
export async function fetchImage(pull: PullPart, digest: string, folder: string): Promise<PulledImage> {
  const fetch = async (part: PulledPart) => fetchPart(pull, part, folder);
  const top = await fetch({ kind: 'manifests', digest });
  const json = await readJson(folder, top.digest);
  const manifests: Descriptor[] = [];
  if (Array.isArray(json.manifests)) {
    if (json.manifests.length > IMAGES_LIMIT) throw noImage(`it has ${counted(json.manifests.length, 'image')}`);
    for (const child of json.manifests) manifests.push(await fetch({ kind: 'manifests', digest: digestOf(child) }));
  } else manifests.push(top);
  const images: PlatformImage[] = [];
  for (const manifest of manifests) images.push(await fetchPlatform(fetch, manifest, folder));
  return { folder, top, images };
}

/** The file of a fetched part. */
export function partFile(folder: string, digest: string): string {
  const hex = DIGEST.exec(digest)?.[1];
  if (hex === undefined) throw noImage(`${JSON.stringify(digest).slice(0, 100)} is not a digest`);
  return join(folder, hex);
}

type FetchPart = (part: PulledPart) => Promise<Descriptor>;

async function fetchPlatform(fetch: FetchPart, manifest: Descriptor, folder: string): Promise<PlatformImage> {
  const json = await readJson(folder, manifest.digest);
  const given = Array.isArray(json.layers) ? (json.layers as unknown[]) : [];
  if (given.length > LAYERS_LIMIT) throw noImage(`it has ${counted(given.length, 'layer')}`);
  const typed = async (part: unknown) => {
    const { mediaType } = part as { mediaType?: unknown };
    return { ...(await fetch({ kind: 'blobs', digest: digestOf(part) })), mediaType: String(mediaType) };
  };
  const config = await typed(json.config);
  const layers: Descriptor[] = [];
  for (const layer of given) layers.push(await typed(layer));
  const { os = 'linux', architecture = 'unknown', variant } = await readJson(folder, config.digest);
  const platform = [os, architecture, ...(variant === undefined ? [] : [variant])].map(String).join('/');
  return { platform, manifest, config, layers };
}

async function fetchPart(pull: PullPart, part: PulledPart, folder: string): Promise<Descriptor> {
  const file = partFile(folder, part.digest);
  const { mediaType, bytes } = await pull(part);
  const hash = createHash('sha256');
  let size = 0;
  async function* measured(source: AsyncIterable<Uint8Array>) {
    for await (const chunk of source) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  }
  await pipeline(bytes, measured, createWriteStream(file));
  if (`sha256:${hash.digest('hex')}` !== part.digest) throw noImage(`${part.digest} came with other content`);
  return { mediaType, digest: part.digest, size };
}

async function readJson(folder: string, digest: string): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(partFile(folder, digest))) {
    size += (chunk as Buffer).length;
    if (size > MAX_JSON_BYTES) throw noImage(`${digest} is larger than ${MAX_JSON_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Reported below.
  }
  throw noImage(`${digest} is not JSON`);
}

function digestOf(part: unknown): string {
  const digest = typeof part === 'object' && part !== null ? (part as { digest?: unknown }).digest : undefined;
  if (typeof digest !== 'string' || !DIGEST.test(digest)) throw noImage('a part has no digest');
  return digest;
}

function noImage(why: string): CliError {
  return new CliError(EXIT_CODES.machine, `what the registry sent is not an image: ${why}`);
}
