import { Readable } from 'node:stream';
import type { ChildBlobs } from '../distribution/child-blobs.ts';
import type { PushGate } from './push-gate.ts';
import { digestOf, type PushMeans, pushManifest } from './push-manifest.ts';

/** Something that is said of an image: a document that the server itself made. */
export interface Referrer {
  /** The digest and the media type of the image's manifest. */
  subject: string;
  subjectType: string;
  mediaType: string;
  bytes: Buffer;
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const BLOB_TIMEOUT_MS = 60_000;
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';

/**
 * Keeps a document in a repository with an image as its subject, as an artifact without a tag:
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md#guidelines-for-artifact-usage
 * Throws an Error if the registry does not take it now.
 */
export async function pushReferrer(
  means: PushMeans & { blobs: Pick<ChildBlobs, 'has' | 'write'>; gate: PushGate; instanceId: string },
  repository: string,
  { subject, subjectType, mediaType, bytes }: Referrer,
): Promise<void> {
  const { child, blobs, gate, instanceId } = means;
  const leave = await gate.enter(repository, true);
  if (leave === undefined) throw new Error(`push to ${repository}: layers are being collected`);
  try {
    const manifestOf = await child.readManifest(repository, subject);
    if (manifestOf === undefined) throw new Error(`push to ${repository}: ${subject} is not there`);
    const empty = Buffer.from('{}');
    for (const blob of [empty, bytes]) {
      const signal = AbortSignal.timeout(BLOB_TIMEOUT_MS);
      if (await blobs.has(repository, digestOf(blob), signal)) continue;
      await blobs.write(repository, digestOf(blob), Readable.from([blob]), signal);
    }
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      artifactType: mediaType,
      config: { mediaType: EMPTY_TYPE, digest: digestOf(empty), size: empty.length },
      layers: [{ mediaType, digest: digestOf(bytes), size: bytes.length }],
      subject: { mediaType: subjectType, digest: subject, size: manifestOf.bytes.length },
    };
    const pushed = Buffer.from(JSON.stringify(manifest));
    const answer = await pushManifest(means, {
      instanceId,
      repository,
      reference: digestOf(pushed),
      bytes: pushed,
      contentType: MANIFEST_TYPE,
      by: 'scan',
      origin: 'push' as const,
    });
    if (answer.kind === 'refused') throw new Error(`push to ${repository}: the registry answered ${answer.status}`);
  } finally {
    leave();
  }
}
