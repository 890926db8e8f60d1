import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Blob } from '#image/manifest.ts';
import { RegistryError } from '../foreign/registry-error.ts';
import type { CopySource, CopyTarget, SentManifest } from './copy-ends.ts';
import { planCopy } from './copy-plan.ts';

/** What a copy tells of itself. A layer may begin again after a fault. */
export interface CopyWatch {
  /** Each layer and configuration, once, before the first is copied. */
  planned?(blobs: readonly Blob[]): Promise<void>;
  /** How much of one was sent. */
  sent?(digest: string, bytes: number): void;
  /** It is at the target. */
  done?(digest: string): Promise<void>;
}

export interface Copied {
  digest: string;
  /** Its own and those that it lists. */
  digests: readonly string[];
  /** The image's own manifest, which is not at the target yet. */
  root: SentManifest;
  /** Bytes of layers that were sent. */
  sentBytes: number;
}

/**
 * Copies an image, or a list of images with all of them, byte by byte: layers that the target has or can share are not sent.
 * What the source sends is believed only if its digest and size are right. The image's own manifest is left to the caller, who
 * sets the tag with it: so a copy that ends early leaves no tag. Ends with the reason of `signal` where that aborts. Throws
 * RegistryError, `refused` for what a source sends that is no image or too large, ApiErrors of the target and Errors of this server.
 */
export async function copyContents(
  { source, target }: { source: CopySource; target: CopyTarget },
  reference: string,
  { signal, watch = {} }: { signal: AbortSignal; watch?: CopyWatch },
): Promise<Copied> {
  const plan = await planCopy(source, reference, signal);
  await watch.planned?.(plan.blobs);
  let sentBytes = 0;
  const there = new Set<string>();
  for (const { digest, mediaType, bytes, blobs } of plan.manifests) {
    signal.throwIfAborted();
    const isThere = await target.hasManifest(digest, mediaType, signal);
    for (const blob of blobs) {
      if (there.has(blob[0])) continue;
      if (!isThere) sentBytes += await copyBlob({ source, target }, blob, { signal, watch });
      there.add(blob[0]);
      await watch.done?.(blob[0]);
    }
    if (!isThere && digest !== plan.digest) await target.putManifest(digest, { bytes, mediaType }, signal);
  }
  signal.throwIfAborted();
  const root = plan.manifests.at(-1);
  if (root === undefined) throw new Error('a copy without a manifest');
  return { digest: plan.digest, digests: plan.manifests.map((each) => each.digest), root, sentBytes };
}

/** Copies an image as `copyContents` does, and finally sets a tag to it. */
export async function copyImage(
  { source, target }: { source: CopySource; target: CopyTarget },
  { reference, tag }: { reference: string; tag: string },
  options: { signal: AbortSignal; watch?: CopyWatch },
): Promise<{ digest: string; sentBytes: number }> {
  const { root, digest, sentBytes } = await copyContents({ source, target }, reference, options);
  await target.putManifest(tag, root, options.signal);
  return { digest, sentBytes };
}

/** Copies one layer, unless it is there already. Returns how many bytes were sent. */
async function copyBlob(
  { source, target }: { source: CopySource; target: CopyTarget },
  blob: Blob,
  { signal, watch }: { signal: AbortSignal; watch: CopyWatch },
): Promise<number> {
  const [digest, sizeBytes] = blob;
  signal.throwIfAborted();
  const { ownRepository } = source;
  if (ownRepository !== undefined && (await target.mountBlob?.(digest, ownRepository, signal))) return 0;
  if (await target.hasBlob(digest, signal)) return 0;
  const late = AbortSignal.timeout(SLOWEST.startMs + Math.ceil(sizeBytes / SLOWEST.bytesPerMs));
  const both = AbortSignal.any([signal, late]);
  let sourceFault: unknown;
  let body: Readable | undefined;
  try {
    const sent = await source.readBlob(digest, both);
    body = checked(sent, blob, (bytes) => watch.sent?.(digest, bytes));
    body.once('error', (error) => {
      sourceFault = error;
    });
    await target.writeBlob(blob, body, both);
  } catch (cause) {
    signal.throwIfAborted();
    if (late.aborted) throw new RegistryError('unreachable', `${digest} came too slowly`, '', { cause });
    // What the target says then is only that what it was sent broke off.
    throw sourceFault ?? cause;
  } finally {
    // A target that refuses at once reads nothing, and the source would wait with the rest.
    body?.destroy();
  }
  return sizeBytes;
}

/** A source that is slower than this holds up others for nothing. */
const SLOWEST = { startMs: 60_000, bytesPerMs: 64 };

/** The bytes of a layer, which end with an error before the last of them where they are not those of its digest. */
function checked(body: Readable, [digest, sizeBytes]: Blob, told: (bytes: number) => void): Readable {
  const hash = createHash('sha256');
  async function* read(): AsyncGenerator<Buffer> {
    let bytes = 0;
    let last: Buffer | undefined;
    for await (const chunk of wholly(body, digest)) {
      if (last !== undefined) yield last;
      bytes += chunk.length;
      if (bytes > sizeBytes) throw new RegistryError('refused', `${digest} is longer than the image says`);
      hash.update(chunk);
      told(bytes);
      last = chunk;
    }
    if (bytes !== sizeBytes || `sha256:${hash.digest('hex')}` !== digest)
      throw new RegistryError('refused', `the registry sent other content than ${digest}`);
    if (last !== undefined) yield last;
  }
  const out = Readable.from(read(), { objectMode: false });
  // If nobody reads further, the source is released too.
  out.once('close', () => body.destroy());
  return out;
}

async function* wholly(body: Readable, digest: string): AsyncGenerator<Buffer> {
  try {
    yield* body as AsyncIterable<Buffer>;
  } catch (cause) {
    throw new RegistryError('unreachable', `${digest} broke off`, '', { cause });
  }
}
