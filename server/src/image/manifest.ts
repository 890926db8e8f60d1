import { isDigest } from './image.ts';
import { countJsonParts } from './json-parts.ts';

/** The parts of a manifest that the registry uses. */
export interface Manifest {
  mediaType: string;
  /**
   * The artifact type, as the referrers API reports it: the manifest's own field, or the media type of its
   * configuration.
   */
  artifactType: string | undefined;
  configDigest: string | undefined;
  /** Configuration and layers, each once. */
  blobs: readonly Blob[];
  /** For an index, the manifests that it lists. */
  children: readonly string[];
  /** The manifest that it refers to. */
  subject: string | undefined;
  annotations: Readonly<Record<string, string>> | undefined;
  /** It has the layers of a file system, and a configuration with which they can be run. */
  isRunnable: boolean;
}

/** Digest and size in bytes. */
export type Blob = readonly [digest: string, sizeBytes: number];

/** A text is not a manifest; the message says why and is sent to the client. */
export class ManifestMistake extends Error {}

/**
 * The largest manifest that distribution takes, and the limit that clients are told:
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-manifests
 */
export const PUSHED_MANIFEST_LIMIT_BYTES = 4 * 2 ** 20;
const PARTS_LIMIT = 50_000;
const ANNOTATIONS_LIMIT_CHARS = 2 ** 16;

/**
 * Reads the JSON object of a manifest from an untrusted source. Throws ManifestMistake for any other text, and for one
 * that would be expensive to read.
 */
export function parseManifestObject(bytes: Buffer, limitBytes: number): Record<string, unknown> {
  if (bytes.length > limitBytes) throw new ManifestMistake(`is longer than ${limitBytes} bytes`);
  if (countJsonParts(bytes) > PARTS_LIMIT) throw new ManifestMistake(`has more than ${PARTS_LIMIT} parts`);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString());
  } catch (cause) {
    throw new ManifestMistake('is not JSON', { cause });
  }
  if (!isObject(json) || json.schemaVersion !== 2)
    throw new ManifestMistake('is not of schema version 2; push the image again');
  return json;
}

/**
 * Reads a pushed manifest of the type in its Content-Type. Leaves to distribution what distribution checks itself.
 * Throws ManifestMistake. https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md
 */
export function readManifest(bytes: Buffer, contentType: string): Manifest {
  const json = parseManifestObject(bytes, PUSHED_MANIFEST_LIMIT_BYTES);
  const mediaType = contentType.split(';', 1)[0]?.trim() ?? '';
  if (objectsOf(json.layers).some(isKeptElsewhere))
    throw new ManifestMistake(
      'has a layer that other servers keep (nondistributable); push the image with all its layers',
    );
  const config = isObject(json.config) ? json.config : undefined;
  const configDigest = digestOf(config);
  const blobs = [config, ...objectsOf(json.layers)].flatMap((each): Blob[] => {
    const digest = digestOf(each);
    return digest === undefined ? [] : [[digest, sizeOf(each)]];
  });
  const subject = digestOf(json.subject);
  const own = typeof json.artifactType === 'string' && json.artifactType !== '' ? json.artifactType : undefined;
  const ofConfig = typeof config?.mediaType === 'string' ? config.mediaType : undefined;
  return {
    mediaType,
    artifactType: (own ?? ofConfig)?.slice(0, ARTIFACT_TYPE_CHARS),
    configDigest,
    blobs: [...new Map(blobs)],
    children: [...new Set(objectsOf(json.manifests).flatMap((each) => digestOf(each) ?? []))],
    subject,
    annotations: subject === undefined ? undefined : annotationsOf(json),
    isRunnable: configDigest !== EMPTY_CONFIG && Array.isArray(json.layers) && json.layers.some(isOfFileSystem),
  };
}

/** Of `{}`: https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md#guidance-for-an-empty-descriptor */
const EMPTY_CONFIG = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
/** A layer without a type could be anything. */
const FILES = /^$|^application\/vnd\.(oci\.image\.layer|docker\.image\.rootfs)\b/;

function isOfFileSystem(layer: { mediaType?: unknown } | null): boolean {
  return FILES.test(String(layer?.mediaType ?? ''));
}

/** A media type is at most 127 characters before and after its slash: RFC 6838, 4.2. */
const ARTIFACT_TYPE_CHARS = 255;

/**
 * Distribution takes no such layers, and its error is of no use to a caller. An image with all its layers here can
 * always be pulled.
 */
function isKeptElsewhere({ mediaType, urls }: Record<string, unknown>): boolean {
  return (
    (Array.isArray(urls) && urls.length > 0) ||
    mediaType === 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'
  );
}

function digestOf(descriptor: unknown): string | undefined {
  const digest = isObject(descriptor) ? descriptor.digest : undefined;
  return typeof digest === 'string' && isDigest(digest) ? digest : undefined;
}

function sizeOf(descriptor: unknown): number {
  const size = isObject(descriptor) ? descriptor.size : undefined;
  return Number.isSafeInteger(size) && Number(size) >= 0 ? Number(size) : 0;
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textsOf(value: unknown): Record<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

/** They are kept for the list of referrers. */
function annotationsOf({ annotations }: Record<string, unknown>): Record<string, string> | undefined {
  const texts = textsOf(annotations);
  if (JSON.stringify(texts ?? {}).length > ANNOTATIONS_LIMIT_CHARS)
    throw new ManifestMistake(`has annotations of more than ${ANNOTATIONS_LIMIT_CHARS} characters`);
  return texts;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
