import { createHash } from 'node:crypto';
import { isDigest } from '#image/image.ts';
import type { SentManifest } from './copy-ends.ts';

const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
/** A list of more referrers is left as it is. */
const ENTRIES_LIMIT = 1000;

/** The manifest that a manifest refers to; undefined for none. */
export function subjectOf({ bytes }: SentManifest): string | undefined {
  const digest = (jsonOf(bytes).subject as { digest?: unknown } | undefined)?.digest;
  return typeof digest === 'string' && isDigest(digest) ? digest : undefined;
}

/**
 * The list of referrers of a manifest with one more, for a registry that keeps none by itself; undefined if it has it, or is no list.
 * The client writes it then, under a tag that is named after the subject:
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-manifests-with-subject
 */
export function withReferrer(before: Buffer | undefined, referrer: SentManifest): SentManifest | undefined {
  const list = before === undefined ? { manifests: [] } : jsonOf(before);
  const entries: unknown = list.manifests;
  if (!Array.isArray(entries) || entries.length >= ENTRIES_LIMIT) return undefined;
  const digest = `sha256:${createHash('sha256').update(referrer.bytes).digest('hex')}`;
  if (entries.some((each) => (each as { digest?: unknown } | null)?.digest === digest)) return undefined;
  const { artifactType, config, annotations } = jsonOf(referrer.bytes);
  const type = artifactType ?? (config as { mediaType?: unknown } | undefined)?.mediaType;
  const entry = {
    mediaType: referrer.mediaType,
    digest,
    size: referrer.bytes.length,
    ...(typeof type === 'string' ? { artifactType: type } : {}),
    ...(annotations === undefined ? {} : { annotations }),
  };
  const json = { ...list, schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...entries, entry] };
  return { bytes: Buffer.from(JSON.stringify(json)), mediaType: INDEX_TYPE };
}

function jsonOf(bytes: Buffer): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(bytes.toString());
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    // What is no JSON refers to nothing.
    return {};
  }
}
