import { ACCELERATED, isAccelerated, tagLengthMistake } from '#acceleration/acceleration.ts';
import { addAccelerationTask, findRuleOfRepository } from '#acceleration/acceleration-store.ts';
import { transaction } from '#db/transaction.ts';
import { JobFailed } from '#job/job.ts';
import type { CopySource, CopyTarget } from '#registry/copy/copy-ends.ts';
import { copyContents } from '#registry/copy/copy-image.ts';
import type { Means } from '#rpc/context.ts';
import type { SubscriptionTask } from '#subscription/subscription.ts';
import { choosePlatforms } from './choose-platforms.ts';

/** Where a run copies from and to. */
export interface MirrorEnds {
  source: CopySource;
  target: CopyTarget;
  repoId: string;
}

/** Mirrors one tag for the platforms of a rule. Throws RegistryError, ApiError and JobFailed. */
export async function mirrorTag(
  means: Pick<Means, 'db' | 'now' | 'newId' | 'jobsChanged'>,
  { source, target, repoId }: MirrorEnds,
  { task, tag, signal }: { task: Pick<SubscriptionTask, 'rule' | 'author'>; tag: string; signal: AbortSignal },
): Promise<void> {
  const { rule } = task;
  const chosen = await choosePlatforms(source, tag, { platforms: rule.platforms, signal });
  const isChanged = await checkTag(target, { rule, tag, digest: chosen.digest, signal });
  if (isChanged) {
    const { root } = await copyContents({ source: chosen.source, target }, chosen.digest, { signal });
    // It may have been set meanwhile.
    if (await checkTag(target, { rule, tag, digest: chosen.digest, signal }))
      await target.putManifest(tag, root, signal);
  }
  if (!rule.accelerates || isAccelerated(tag)) return;
  // A conversion of an earlier run may have failed. For a tag that is too long, it always fails.
  const isMissing = async () => (await target.findTag(`${tag}${ACCELERATED}`, signal)) === undefined;
  if (isChanged || (tagLengthMistake(tag) === undefined && (await isMissing())))
    await accelerate(means, { task, repoId, tag, digest: chosen.digest });
}

/** Whether a tag has to be set. Throws JobFailed if it points to another image and must not be replaced. */
async function checkTag(
  target: CopyTarget,
  { rule, tag, digest, signal }: { rule: SubscriptionTask['rule']; tag: string; digest: string; signal: AbortSignal },
): Promise<boolean> {
  const present = await target.findTag(tag, signal);
  if (present === digest) return false;
  if (present === undefined || rule.overrides) return true;
  const message = 'the tag points to another image here, and the rule does not replace tags (Override)';
  throw new JobFailed({ code: 'TAG_CONFLICT', message }, { mayPass: false });
}

/** Requests the conversion of the image, unless the repository has a rule that converts every tag. */
async function accelerate(
  { db, now, newId, jobsChanged }: Pick<Means, 'db' | 'now' | 'newId' | 'jobsChanged'>,
  {
    task: { rule, author },
    repoId,
    ...image
  }: { task: Pick<SubscriptionTask, 'rule' | 'author'>; repoId: string; tag: string; digest: string },
): Promise<void> {
  if ((await findRuleOfRepository(db, repoId)) !== undefined) return;
  const task = { ...image, taskId: newId('i2a'), instanceId: rule.instanceId, repoId, createdMs: now(), author };
  await transaction(db, (trx) => addAccelerationTask(trx, task));
  jobsChanged();
}
