import type { Image, ImageBlob, ImageManifest } from '@slipway/client/registry/push-image.ts';

import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type ArchiveContent, parseJsonObject, readSmallFile } from './archive-content.ts';
import { chooseImage } from './choose-image.ts';
import { MAX_JSON_BYTES, MEDIA_TYPES, sha256Of } from './image-json.ts';

interface Descriptor {
  mediaType?: string;
  digest: string;
  annotations?: Record<string, string>;
}

const DIGEST = /^sha256:([0-9a-f]{64})$/;
const REF_NAME = 'org.opencontainers.image.ref.name';
const MAX_DEPTH = 4;
const INDEX_TYPES: readonly string[] = [MEDIA_TYPES.ociIndex, MEDIA_TYPES.dockerList];

/**
 * Reads an image, or an index of images for several platforms, from an OCI layout (image-spec image-layout.md).
 * Everything it refers to must exist; manifests stay the same byte for byte. Throws CliError.
 */
export async function readOciLayout(
  content: ArchiveContent,
  choice: { tag: string; ref?: string | undefined },
): Promise<Image> {
  const index = parseJsonObject(
    await readSmallFile(content, 'index.json', MAX_JSON_BYTES),
    `${content.label}: index.json`,
  );
  const described = descriptorsOf(index.manifests, content, 'index.json');
  const chosen = chooseImage(
    described.map((descriptor) => ({ names: namesOf(descriptor), value: descriptor })),
    choice,
    content.label,
  );
  const found: { blobs: Map<string, ImageBlob>; manifests: ImageManifest[] } = { blobs: new Map(), manifests: [] };
  await collect(content, chosen, found, 0);
  const manifest = found.manifests.pop();
  if (manifest === undefined) throw new Error('an image without a manifest');
  return { blobs: [...found.blobs.values()], children: found.manifests, manifest };
}

// Depth first, so that a manifest comes after everything it refers to: registries refuse it otherwise.
async function collect(
  content: ArchiveContent,
  descriptor: Descriptor,
  found: { blobs: Map<string, ImageBlob>; manifests: ImageManifest[] },
  depth: number,
): Promise<void> {
  if (depth > MAX_DEPTH) throw new CliError(EXIT_CODES.usage, `${content.label}: indexes are nested too deeply`);
  const bytes = await readSmallFile(content, blobName(descriptor.digest, content), MAX_JSON_BYTES);
  if (sha256Of(bytes) !== descriptor.digest) {
    throw new CliError(EXIT_CODES.usage, `${content.label}: ${descriptor.digest} has other content; export it again`);
  }
  const json = parseJsonObject(bytes, `${content.label}: ${descriptor.digest}`);
  const mediaType = String(descriptor.mediaType ?? json.mediaType ?? MEDIA_TYPES.ociManifest);
  if (INDEX_TYPES.includes(mediaType)) {
    for (const child of descriptorsOf(json.manifests, content, descriptor.digest)) {
      await collect(content, child, found, depth + 1);
    }
  } else {
    const parts = descriptorsOf(
      [json.config, ...(Array.isArray(json.layers) ? json.layers : [])],
      content,
      descriptor.digest,
    );
    for (const { digest } of parts) found.blobs.set(digest, await blobIn(content, digest));
  }
  found.manifests.push({ mediaType, bytes });
}

async function blobIn(content: ArchiveContent, digest: string): Promise<ImageBlob> {
  const name = blobName(digest, content);
  const sizeBytes = await content.findSizeBytes(name);
  if (sizeBytes === undefined) {
    throw new CliError(EXIT_CODES.usage, `${content.label} has no ${name}: the image is not complete; export it again`);
  }
  return { digest, sizeBytes, open: () => content.open(name) };
}

// Only names made of checked hex digits are ever opened.
function blobName(digest: string, content: ArchiveContent): string {
  const hex = DIGEST.exec(digest)?.[1];
  if (hex === undefined) {
    throw new CliError(
      EXIT_CODES.usage,
      `${content.label}: "${digest}" is not a sha256 digest; export the image again`,
    );
  }
  return `blobs/sha256/${hex}`;
}

function descriptorsOf(value: unknown, content: ArchiveContent, where: string): Descriptor[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  const isDescriptor = (item: unknown): item is Descriptor =>
    typeof item === 'object' && item !== null && typeof (item as Descriptor).digest === 'string';
  if (list.length === 0 || !list.every(isDescriptor)) {
    throw new CliError(
      EXIT_CODES.usage,
      `${content.label}: ${where} does not describe an image; export the image again`,
    );
  }
  return list as Descriptor[];
}

function namesOf(descriptor: Descriptor): string[] {
  const name = descriptor.annotations?.[REF_NAME];
  return name === undefined ? [] : [name];
}
