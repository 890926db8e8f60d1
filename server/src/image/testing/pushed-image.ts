import type { Database } from '#db/database.ts';
import type { PushingBuild } from '../image.ts';
import { type BuildFence, beginPush, finishPush } from '../push-store.ts';

/** For pushes by none of the builds. */
export const noBuild: BuildFence = async () => 'gone';

/**
 * Writes a tag into a repository's tables as a push does, with an image that exists only in the tables. Returns its
 * digest.
 */
export async function pushUnderTest(
  db: Database,
  repository: { instanceId: string; namespaceName: string; name: string },
  { tag, image, nowMs, isRunnable = true }: { tag: string; image: number; nowMs: number; isRunnable?: boolean },
  pushing?: { build: PushingBuild; fence: BuildFence },
): Promise<string> {
  const digest = `sha256:${String(image).padStart(64, '0')}`;
  const request = { ...repository, digest, tag, origin: 'push' as const, children: [], build: pushing?.build };
  const push = await beginPush(db, request, { by: 'acs:ram::1:user/pusher', nowMs }, `${tag} ${image} ${nowMs}`);
  const manifest = {
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    artifactType: 'application/vnd.oci.image.config.v1+json',
    configDigest: digest,
    blobs: [[digest, 1000 + image]] as const,
    children: [],
    subject: undefined,
    annotations: undefined,
    isRunnable,
  };
  await finishPush(
    { db, fence: pushing?.fence ?? noBuild },
    push,
    { repoId: push.repoId, digest, sizeBytes: 500, manifest },
    nowMs,
  );
  return digest;
}
