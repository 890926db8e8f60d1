import { registryRequestErrorOf } from './registry-request-error.ts';
import { openRegistrySession, type RegistryLogin, type RegistrySession } from './registry-session.ts';

/** A layer or configuration, named by its digest; opened each time it must be sent. */
export interface ImageBlob {
  /** `sha256:` and 64 hex digits. */
  digest: string;
  sizeBytes: number;
  open(): AsyncIterable<Uint8Array>;
}

/** A manifest, byte for byte, because its digest names the image. */
export interface ImageManifest {
  mediaType: string;
  bytes: Uint8Array;
}

/** All parts of an image, or of an index of images, that a registry needs. */
export interface Image {
  blobs: readonly ImageBlob[];
  /** Manifests that `manifest` refers to (an index has them), innermost first. */
  children: readonly ImageManifest[];
  manifest: ImageManifest;
}

/** What is happening to a blob. */
export interface PushProgress {
  digest: string;
  sizeBytes: number;
  state: 'present' | 'sending' | 'sent';
}

/**
 * Pushes an image as `repository:tag`: first the blobs that the registry lacks, then child manifests, then the manifest
 * under its tag. Bodies are streamed. Returns the digest of the image in the registry. Throws RegistryRequestError.
 */
export async function pushImage(
  login: RegistryLogin,
  image: Image & { repository: string; tag: string },
  options: { onProgress?: (progress: PushProgress) => void; signal?: AbortSignal } = {},
): Promise<{ digest: string }> {
  const { repository, tag } = image;
  const session = await openRegistrySession(login, `repository:${repository}:pull,push`, options.signal);
  const sent = new Set<string>();
  for (const blob of image.blobs) {
    if (sent.has(blob.digest)) continue;
    sent.add(blob.digest);
    await pushBlob(session, repository, blob, options.onProgress);
  }
  for (const child of image.children) await putManifest(session, repository, await digestOf(child.bytes), child);
  return { digest: await putManifest(session, repository, tag, image.manifest) };
}

async function pushBlob(
  session: RegistrySession,
  repository: string,
  blob: ImageBlob,
  onProgress: (progress: PushProgress) => void = () => undefined,
): Promise<void> {
  const { digest, sizeBytes } = blob;
  const found = await session.send('HEAD', `/v2/${repository}/blobs/${digest}`);
  if (found.status === 200) {
    onProgress({ digest, sizeBytes, state: 'present' });
    return;
  }
  onProgress({ digest, sizeBytes, state: 'sending' });
  const started = await session.send('POST', `/v2/${repository}/blobs/uploads/`);
  if (started.status !== 202) throw await registryRequestErrorOf(`push to ${repository}`, started);
  await started.arrayBuffer();
  const location = new URL(started.headers.get('location') ?? '', 'http://relative');
  location.searchParams.set('digest', digest);
  const target = location.host === 'relative' ? `${location.pathname}${location.search}` : location.href;
  const headers = { 'content-type': 'application/octet-stream' };
  const ended = await session.send('PUT', target, { headers, body: blob.open() });
  if (ended.status !== 201) throw await registryRequestErrorOf(`push ${digest} to ${repository}`, ended);
  await ended.arrayBuffer();
  onProgress({ digest, sizeBytes, state: 'sent' });
}

async function putManifest(
  session: RegistrySession,
  repository: string,
  reference: string,
  manifest: ImageManifest,
): Promise<string> {
  const headers = { 'content-type': manifest.mediaType };
  const path = `/v2/${repository}/manifests/${reference}`;
  const answer = await session.send('PUT', path, { headers, body: manifest.bytes });
  if (answer.status !== 201) throw await registryRequestErrorOf(`push ${repository}:${reference}`, answer);
  await answer.arrayBuffer();
  return digestOf(manifest.bytes);
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)));
  return `sha256:${[...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
