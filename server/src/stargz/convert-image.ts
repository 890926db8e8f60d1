import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ManifestMistake, PUSHED_MANIFEST_LIMIT_BYTES, parseManifestObject } from '#image/manifest.ts';
import { digestOf } from '#registry/contents/push-manifest.ts';
import type { CopySource, CopyTarget, SentManifest } from '#registry/copy/copy-ends.ts';
import { TarMistake } from '#tar/tar-mistake.ts';
import { type ConvertedLayer, convertLayer } from './convert-layer.ts';
import type { LayerFolder } from './layer-file.ts';

/** Why an image cannot be converted; a sentence. */
export class ConversionRefused extends Error {
  override readonly name = 'ConversionRefused';
}

/** What a conversion needs. */
export interface Conversion {
  source: CopySource;
  target: CopyTarget;
  folder: LayerFolder;
  /** The paths of files that come first in their layers. */
  first: readonly string[];
  signal: AbortSignal;
  /** Called with each line of progress. */
  say(line: string): Promise<void>;
}

type Json = Record<string, unknown>;

const OCI = 'application/vnd.oci.image';
const CONFIG_TYPES = [`${OCI}.config.v1+json`, 'application/vnd.docker.container.image.v1+json'];
const CONFIG_LIMIT_BYTES = 8 * 1024 * 1024;
const IMAGES_LIMIT = 100;
/** The maximum size of one decompressed layer. */
const UNPACKED_LIMIT_BYTES = 32 * 2 ** 30;
/** The format's annotations (docs/estargz.md), which tell a runtime to read a layer file by file. */
const TOC_ANNOTATION = 'containerd.io/snapshot/stargz/toc.digest';
const SIZE_ANNOTATION = 'io.containers.estargz.uncompressed-size';

/**
 * Converts the layers of an image, or of every image of an index, to eStargz, and stores them. The returned manifest is not stored
 * yet; it has OCI types, even if the original had others. Throws ConversionRefused.
 */
export async function convertImage(conversion: Conversion, digest: string): Promise<SentManifest> {
  const json = await readManifestOf(conversion, digest);
  if (!Array.isArray(json.manifests)) return imageOf(conversion, json, digest);
  const images = json.manifests.filter(isImage) as Json[];
  if (images.length > IMAGES_LIMIT) throw new ConversionRefused(`The index lists more than ${IMAGES_LIMIT} images.`);
  if (images.length === 0) throw new ConversionRefused('The index lists no image.');
  const converted: Json[] = [];
  for (const image of images) {
    const own = await readManifestOf(conversion, String(image.digest));
    if (Array.isArray(own.manifests)) throw new ConversionRefused('The index lists another index.');
    await conversion.say(`image ${String(image.digest)} (${platformOf(image)})`);
    const made = await imageOf(conversion, own, String(image.digest));
    await conversion.target.putManifest(digestOf(made.bytes), made, conversion.signal);
    const { platform } = image;
    converted.push({
      mediaType: made.mediaType,
      digest: digestOf(made.bytes),
      size: made.bytes.length,
      ...(platform === undefined ? {} : { platform }),
    });
  }
  const { annotations } = json;
  const index = { schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests: converted };
  return sentOf({ ...index, ...(annotations === undefined ? {} : { annotations }) });
}

async function readManifestOf({ source, signal }: Conversion, digest: string): Promise<Json> {
  const manifest = await source.readManifest(digest, PUSHED_MANIFEST_LIMIT_BYTES, signal);
  try {
    return parseManifestObject(manifest.bytes, PUSHED_MANIFEST_LIMIT_BYTES);
  } catch (error) {
    if (error instanceof ManifestMistake) throw new ConversionRefused(`The manifest ${error.message}.`);
    throw error;
  }
}

/** Attestations are listed as images of an unknown platform; they describe the original images. */
function isImage(listed: unknown): boolean {
  const { platform, annotations } = (listed ?? {}) as Json;
  const isAttestation = (annotations as Json | undefined)?.['vnd.docker.reference.type'] !== undefined;
  return !isAttestation && (platform as Json | undefined)?.os !== 'unknown';
}

function platformOf({ platform }: Json): string {
  const { os, architecture, variant } = (platform ?? {}) as Json;
  return [os, architecture, variant].filter((part) => typeof part === 'string').join('/') || 'no platform';
}

/** Converts one image and stores its layers and configuration. */
async function imageOf(conversion: Conversion, json: Json, digest: string): Promise<SentManifest> {
  const { source, target, signal } = conversion;
  const { config, layers, annotations } = json as { config?: Json; layers?: Json[]; annotations?: Json };
  if (!CONFIG_TYPES.includes(String(config?.mediaType)) || !Array.isArray(layers))
    throw new ConversionRefused(`${digest} is not a container image, so there is nothing to convert.`);
  const configuration = await readConfig(source, String(config?.digest), signal);
  const { rootfs } = configuration as { rootfs?: { diff_ids?: unknown[] } };
  if (rootfs?.diff_ids?.length !== layers.length)
    throw new ConversionRefused('The configuration of the image does not belong to its layers.');
  const converted: ConvertedLayer[] = [];
  for (const [index, layer] of layers.entries()) {
    converted.push(await storeLayer(conversion, layer, `layer ${index + 1}/${layers.length}`));
  }
  const diffIds = converted.map(({ diffId }) => diffId);
  const made = Buffer.from(JSON.stringify({ ...configuration, rootfs: { ...rootfs, diff_ids: diffIds } }));
  if (!(await target.hasBlob(digestOf(made), signal)))
    await target.writeBlob([digestOf(made), made.length], Readable.from([made]), signal);
  return sentOf({
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: { mediaType: `${OCI}.config.v1+json`, digest: digestOf(made), size: made.length },
    layers: converted.map(({ digest, sizeBytes, tocDigest, unpackedBytes }) => ({
      mediaType: `${OCI}.layer.v1.tar+gzip`,
      digest,
      size: sizeBytes,
      annotations: { [TOC_ANNOTATION]: tocDigest, [SIZE_ANNOTATION]: String(unpackedBytes) },
    })),
    ...(annotations === undefined ? {} : { annotations }),
  });
}

async function storeLayer(conversion: Conversion, layer: Json, name: string): Promise<ConvertedLayer> {
  const { source, target, folder, first, signal, say } = conversion;
  const digest = String(layer.digest);
  const open = async () => unpacked(await source.readBlob(digest, signal), String(layer.mediaType), signal);
  const { result, read } = await folder
    .write((output) => convertLayer(open, output, first))
    .catch((error: unknown) => {
      signal.throwIfAborted();
      const isBroken = (error as NodeJS.ErrnoException).code?.startsWith('Z') === true;
      if (error instanceof TarMistake)
        throw new ConversionRefused(`The layer ${digest} cannot be read: ${error.message}.`);
      if (isBroken) throw new ConversionRefused(`The layer ${digest} is not compressed as its media type says.`);
      throw error;
    });
  if (!(await target.hasBlob(result.digest, signal)))
    await target.writeBlob([result.digest, result.sizeBytes], read(), signal);
  const sizes = `${mebibytes(Number(layer.size))} became ${mebibytes(result.sizeBytes)}`;
  await say(`${name}: ${digest} became ${result.digest}, ${result.files} files and chunks, ${sizes}`);
  return result;
}

/** The archive of a layer without its compression. Throws ConversionRefused for one that is unknown. */
function unpacked(blob: Readable, mediaType: string, signal: AbortSignal): AsyncIterable<Buffer> {
  if (/[+.]gzip$/.test(mediaType))
    return limited(
      pipeline(blob, createGunzip(), () => undefined),
      signal,
    );
  if (/\+zstd$/.test(mediaType))
    return limited(
      pipeline(blob, createZstdDecompress(), () => undefined),
      signal,
    );
  if (/\.tar$/.test(mediaType)) return limited(blob, signal);
  blob.destroy();
  throw new ConversionRefused(
    `A layer has the type ${JSON.stringify(mediaType.slice(0, 200))}, which cannot be converted.`,
  );
}

async function* limited(bytes: AsyncIterable<Buffer>, signal: AbortSignal): AsyncGenerator<Buffer> {
  let read = 0;
  for await (const part of bytes) {
    signal.throwIfAborted();
    read += part.length;
    if (read > UNPACKED_LIMIT_BYTES)
      throw new ConversionRefused(`A layer unpacks to more than ${UNPACKED_LIMIT_BYTES} bytes.`);
    yield part;
  }
}

async function readConfig(source: CopySource, digest: string, signal: AbortSignal): Promise<Json> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of (await source.readBlob(digest, signal)) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > CONFIG_LIMIT_BYTES)
      throw new ConversionRefused(`The configuration of the image has more than ${CONFIG_LIMIT_BYTES} bytes.`);
    parts.push(part);
  }
  try {
    const json: unknown = JSON.parse(Buffer.concat(parts).toString());
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ConversionRefused('The configuration of the image is not a JSON object.');
}

function sentOf(json: Json): SentManifest {
  return { bytes: Buffer.from(JSON.stringify(json)), mediaType: String(json.mediaType) };
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
