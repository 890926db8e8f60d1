import type { Database } from '#db/database.ts';
import { showWithTag } from '#image/change-tag.ts';
import { findManifestState } from '#image/manifest-store.ts';
import { findTaggedImage, removeTag, writeTag } from '#image/tag-store.ts';
import type { DenyAction } from './chain.ts';
import type { ChainInstance } from './chain-instance.ts';
import { isImageFree } from './chain-instance-store.ts';

const TAG_LIMIT_CHARS = 128;

/**
 * Applies the chain's action to the tag of a denied image, in the caller's transaction, and returns a sentence about it. If the tag
 * already points to another image, nothing is done.
 */
export async function blockImage(
  db: Database,
  { repoId, event }: ChainInstance,
  action: DenyAction,
  actor: { by: string; nowMs: number },
): Promise<string> {
  const { tag, digest, previous } = event.body;
  if (action === 'BLOCK') return 'The tag stays.';
  const present = await findTaggedImage(db, repoId, tag);
  if (present?.digest !== digest) return 'The tag points to another image now, or was removed.';
  if (action === 'BLOCK_DELETE_TAG') {
    await removeTag(db, repoId, tag, 'denied', actor);
    return 'The tag was removed.';
  }
  if (previous !== undefined && (await canReturn(db, repoId, previous))) {
    await showWithTag(db, { repoId, tag, digest: previous, origin: 'retag' }, actor);
    return `The tag points to ${previous} again.`;
  }
  const quarantine = quarantineTag(tag, digest);
  await writeTag(db, { repoId, name: quarantine, digest, origin: 'retag' }, actor);
  await removeTag(db, repoId, tag, 'denied', actor);
  return `The tag was renamed to ${quarantine}.`;
}

/** Whether an image may get its tag back: not if it was denied too, nor while it is being removed. */
async function canReturn(db: Database, repoId: string, digest: string): Promise<boolean> {
  const manifest = await findManifestState(db, repoId, digest);
  return manifest !== undefined && manifest.state !== 'leaving' && (await isImageFree(db, repoId, digest));
}

/** `v1-denied-0123456789ab` */
function quarantineTag(tag: string, digest: string): string {
  const end = `-denied-${digest.replace('sha256:', '').slice(0, 12)}`;
  return `${tag.slice(0, TAG_LIMIT_CHARS - end.length)}${end}`;
}
