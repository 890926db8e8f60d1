import { createHash, randomUUID } from 'node:crypto';
import { isDigest, type Origin, type PushingBuild } from '#image/image.ts';
import { type Manifest, ManifestMistake, readManifest } from '#image/manifest.ts';
import type { StoredManifest } from '#image/manifest-store.ts';
import {
  BuildGone,
  beginPush,
  dropPush,
  finishPush,
  listOpenPushes,
  type OpenPush,
  type Push,
  type PushTables,
} from '#image/push-store.ts';
import { isTagChangedSince } from '#image/tag-store.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { ChildRegistry } from '../distribution/child-registry.ts';

/** A manifest that somebody with permission pushes. */
export interface PushedManifest {
  instanceId: string;
  /** `namespace/name`. */
  repository: string;
  /** A tag, or the manifest's digest. */
  reference: string;
  bytes: Buffer;
  contentType: string;
  by: string;
  origin: Origin;
  /** If it is copied here: the repositories that it came through. */
  syncPath?: readonly string[];
  build?: PushingBuild | undefined;
}

/** What pushing works with. */
export interface PushMeans extends PushTables {
  child: ChildRegistry;
  now(): number;
}

/** Taken, or distribution's refusal: status and body unchanged. */
export type PushAnswer =
  | { kind: 'taken'; digest: string; subject: string | undefined }
  | { kind: 'refused'; status: number; body: string };

/**
 * Pushes a manifest: a row records the intent, distribution gets the bytes under their digest, and then tag, manifest
 * and event are committed together. Throws ManifestMistake, DigestMistake, BuildGone and the ApiErrors of `beginPush`.
 */
export async function pushManifest(means: PushMeans, pushed: PushedManifest): Promise<PushAnswer> {
  const { db, child, now } = means;
  const { repository, reference, bytes, contentType, instanceId, by, origin, syncPath, build } = pushed;
  const manifest = readManifest(bytes, contentType);
  const digest = digestOf(bytes);
  const byDigest = reference.includes(':');
  if (byDigest && reference !== digest) throw new DigestMistake(reference, digest);
  const [namespaceName = '', name = ''] = repository.split('/');
  const tag = byDigest ? undefined : reference;
  const request = { instanceId, namespaceName, name, digest, tag, origin, children: manifest.children, build };
  const push = await beginPush(db, request, { by, nowMs: now() }, randomUUID());
  // If this fails in an unknown way, `settlePushes` settles it.
  const parts = [...manifest.blobs.map(([blob]) => blob), ...manifest.children];
  const answer = await child.putManifest(repository, { digest, bytes, contentType, parts });
  const body = await answer.text();
  if (answer.status !== 201) {
    if (answer.status < 500) await dropPush(db, push);
    return { kind: 'refused', status: answer.status, body };
  }
  const stored = { repoId: push.repoId, digest, sizeBytes: bytes.length, manifest };
  await finishOrUntag(means, { ...push, ...(syncPath === undefined ? {} : { syncPath }) }, stored);
  return { kind: 'taken', digest, subject: manifest.subject };
}

/** A manifest was sent under a digest that is not its own. */
export class DigestMistake extends Error {
  constructor(given: string, digest: string) {
    super(
      isDigest(given)
        ? `the manifest has the digest ${digest} but was sent as ${given}`
        : 'a digest is sha256: and 64 characters of 0-9 and a-f; this registry accepts no other kind',
    );
  }
}

/**
 * Settles pushes from before a time that are still open, because the server or distribution died during them: the push
 * is finished if distribution has the manifest, and else dropped. A push that cannot be settled yet is reported, and
 * does not block the others.
 */
export async function settlePushes(
  means: PushMeans,
  beforeMs: number,
  report: (message: string, error: unknown) => void,
): Promise<void> {
  for (const open of await listOpenPushes(means.db, beforeMs))
    await settlePush(means, open).catch((error: unknown) =>
      report(`the push of ${open.repository}@${open.digest} could not be settled yet`, error),
    );
}

/** If the build is gone, the manifest stays without a tag, as after any other push by digest. Then throws BuildGone. */
async function finishOrUntag(means: PushMeans, push: Push, stored: StoredManifest): Promise<void> {
  try {
    await finishPush(means, push, stored, means.now());
  } catch (error) {
    if (error instanceof BuildGone)
      await finishPush(means, { ...push, tag: undefined, build: undefined }, stored, means.now());
    throw error;
  }
}

async function settlePush(means: PushMeans, open: OpenPush): Promise<void> {
  const { db, child } = means;
  // A tag that was set or deleted since then is newer than this push.
  const isOld = open.tag !== undefined && (await isTagChangedSince(db, open.repoId, open.tag, open.begunMs));
  const push = isOld ? { ...open, tag: undefined } : open;
  const found = await child.readManifest(push.repository, push.digest);
  const manifest = found && readable(found);
  if (found === undefined || manifest === undefined) return dropPush(db, push);
  await finishOrUntag(means, push, { ...push, sizeBytes: found.bytes.length, manifest }).catch(unlessGone);
}

/** If the repository was deleted meanwhile, it gets no tag, and its content is removed with it. */
function unlessGone(error: unknown): void {
  if (error instanceof BuildGone) return;
  if (!(error instanceof ApiError && error.code === 'REPO_NOT_EXIST')) throw error;
}

/** The sha256 digest of some bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function readable({ bytes, mediaType }: { bytes: Buffer; mediaType: string }): Manifest | undefined {
  try {
    return readManifest(bytes, mediaType);
  } catch (error) {
    if (!(error instanceof ManifestMistake)) throw error;
    return undefined;
  }
}
