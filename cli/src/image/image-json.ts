import { createHash } from 'node:crypto';
import type { ImageBlob, ImageManifest } from '@slipway/client/registry/push-image.ts';

import type { Layer } from './layer.ts';

/** Media types of the image formats (OCI image-spec media-types.md; Docker image manifest version 2, schema 2). */
export const MEDIA_TYPES = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

/** No image has manifests or configurations larger than this. */
export const MAX_JSON_BYTES = 4 * 2 ** 20;

/** `sha256:` and the hex digest of bytes. */
export function sha256Of(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A blob held in memory, such as a configuration. */
export function blobOf(bytes: Uint8Array): ImageBlob {
  async function* open(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return { digest: sha256Of(bytes), sizeBytes: bytes.length, open };
}

/** The manifest (schema 2) of a configuration and its layers, in order. */
export function dockerManifest(config: ImageBlob, layers: readonly Layer[]): ImageManifest {
  const mediaType = MEDIA_TYPES.dockerManifest;
  const manifest = {
    schemaVersion: 2,
    mediaType,
    config: { mediaType: MEDIA_TYPES.dockerConfig, size: config.sizeBytes, digest: config.digest },
    layers: layers.map(({ blob }) => ({
      mediaType: MEDIA_TYPES.dockerLayer,
      size: blob.sizeBytes,
      digest: blob.digest,
    })),
  };
  return { mediaType, bytes: Buffer.from(JSON.stringify(manifest)) };
}
