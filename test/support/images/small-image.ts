import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { openPull } from '../../../client/src/registry/pull-image.ts';
import { pushImage } from '../../../client/src/registry/push-image.ts';

export const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

type Login = Parameters<typeof openPull>[0];

/** An image with one layer. */
export interface SmallImage {
  /** Of the manifest. */
  digest: string;
  manifest: { mediaType: string; bytes: Buffer };
  /** Its configuration and its layer. */
  blobs: { digest: string; bytes: Buffer }[];
}

/** An image with these bytes as its layer, and a text in its configuration. */
export function smallImage(layer: Buffer, text: string): SmallImage {
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', text }));
  const described = (bytes: Buffer, mediaType: string) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: described(config, 'application/vnd.oci.image.config.v1+json'),
      layers: [described(layer, 'application/vnd.oci.image.layer.v1.tar')],
    }),
  );
  const blobs = [config, layer].map((blob) => ({ digest: digestOf(blob), bytes: blob }));
  return { digest: digestOf(bytes), manifest: { mediaType: MANIFEST, bytes }, blobs };
}

/** Pushes an image through a server's registry. */
export async function pushSmallImage(login: Login, repository: string, tag: string, image: SmallImage): Promise<void> {
  const blobs = image.blobs.map(({ digest, bytes }) => ({
    digest,
    sizeBytes: bytes.length,
    open: async function* () {
      yield bytes;
    },
  }));
  await pushImage(login, { blobs, children: [], manifest: image.manifest, repository, tag });
}

/** The digest of a tag's image, all of whose parts were pulled; undefined if there is no such tag. */
export async function pullWhole(login: Login, repository: string, tag: string): Promise<string | undefined> {
  const pull = await openPull(login, repository);
  const part = async (kind: 'manifests' | 'blobs', digest: string) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of (await pull({ kind, digest })).bytes) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const manifest = await part('manifests', tag).catch((error: { status?: number }) => {
    if (error.status !== 404) throw error;
    return undefined;
  });
  if (manifest === undefined) return undefined;
  const { config, layers } = JSON.parse(manifest.toString()) as {
    config: { digest: string };
    layers: { digest: string }[];
  };
  for (const { digest } of [config, ...layers]) assert.equal(digestOf(await part('blobs', digest)), digest, tag);
  return digestOf(manifest);
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
