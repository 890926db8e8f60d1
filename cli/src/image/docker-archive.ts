import { join } from 'node:path';
import type { Image } from '@slipway/client/registry/push-image.ts';

import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type ArchiveContent, parseJsonObject, readSmallFile } from './archive-content.ts';
import { detectCompressionOf } from './archive-file.ts';
import { chooseImage } from './choose-image.ts';
import { blobOf, dockerManifest, MAX_JSON_BYTES } from './image-json.ts';
import { type Layer, makeLayer } from './layer.ts';

interface SavedImage {
  Config: string;
  RepoTags?: string[] | null;
  Layers: string[];
}

/**
 * Reads an image from the output of `docker save` (moby, image/spec/v1.2.md, "Combined Image JSON + Filesystem
 * Changeset Format"). The configuration stays the same byte for byte, and so does the image id. Layers are compressed
 * into `workFolder` and must match the configuration. Throws CliError.
 */
export async function readDockerArchive(
  content: ArchiveContent,
  options: { tag: string; ref?: string | undefined; workFolder: string },
): Promise<Image> {
  const saved = parseSaved(await readSmallFile(content, 'manifest.json', MAX_JSON_BYTES), content);
  const images = saved.map((value) => ({ names: value.RepoTags ?? [], value }));
  const chosen = chooseImage(images, options, content.label);
  const config = blobOf(await readSmallFile(content, chosen.Config, MAX_JSON_BYTES));
  const diffIds = await readDiffIds(content, chosen);
  const layers: Layer[] = [];
  for (const [index, name] of chosen.Layers.entries()) {
    const layer = await readLayer(content, name, join(options.workFolder, `layer-${index}.tar.gz`));
    if (layer.diffId !== diffIds[index]) {
      throw new CliError(EXIT_CODES.usage, `${content.label}: layer ${name} is not the one its configuration names`);
    }
    layers.push(layer);
  }
  const blobs = [...layers.map((layer) => layer.blob), config];
  return { blobs, children: [], manifest: dockerManifest(config, layers) };
}

async function readLayer(content: ArchiveContent, name: string, newFile: string): Promise<Layer> {
  if ((await content.findSizeBytes(name)) === undefined) {
    throw new CliError(EXIT_CODES.usage, `${content.label} has no ${name}: the image is not complete; save it again`);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of content.open(name, 8)) chunks.push(chunk);
  const compression = detectCompressionOf(Buffer.concat(chunks));
  return makeLayer({ open: () => content.open(name), compression, name: `${content.label}: ${name}`, newFile });
}

async function readDiffIds(content: ArchiveContent, chosen: SavedImage): Promise<string[]> {
  const json = parseJsonObject(
    await readSmallFile(content, chosen.Config, MAX_JSON_BYTES),
    `${content.label}: ${chosen.Config}`,
  );
  const { diff_ids: diffIds } = (json.rootfs ?? {}) as { diff_ids?: unknown };
  if (!Array.isArray(diffIds) || diffIds.length !== chosen.Layers.length) {
    throw new CliError(EXIT_CODES.usage, `${content.label}: ${chosen.Config} does not name its layers; save it again`);
  }
  return diffIds.map(String);
}

function parseSaved(bytes: Buffer, content: ArchiveContent): SavedImage[] {
  const list: unknown = parseJsonObject(bytes, `${content.label}: manifest.json`);
  const isSaved = (item: unknown): item is SavedImage => {
    const image = item as Partial<SavedImage> | null;
    return (
      typeof image?.Config === 'string' &&
      Array.isArray(image.Layers) &&
      image.Layers.every((name) => typeof name === 'string')
    );
  };
  if (!Array.isArray(list) || list.length === 0 || !list.every(isSaved)) {
    throw new CliError(EXIT_CODES.usage, `${content.label}: manifest.json lists no image; save it again`);
  }
  return list;
}
