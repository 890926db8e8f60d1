import { authorRefusal } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { insertEvent } from '#event/event-store.ts';
import { findTagDigest } from '#image/tag-store.ts';
import { type Failure, JobFailed, type JobRunner } from '#job/job.ts';
import type { CopyTarget } from '#registry/copy/copy-ends.ts';
import { type Copied, type CopyWatch, copyContents } from '#registry/copy/copy-image.ts';
import { plannedDigests } from '#registry/copy/copy-plan.ts';
import { copyReferrers } from '#registry/copy/copy-referrers.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { repositoryPath, type SyncTask } from '#sync/sync.ts';
import { rightsOfCopy } from '#sync/sync-denied.ts';
import { findSyncTask, insertSyncLayers, noteLayerThere, noteSyncedBytes } from '#sync/sync-task-store.ts';
import { failureOf } from './copy-failure.ts';
import { openPlaces, type SyncPlacesMeans } from './sync-places.ts';

/** Growing pauses: five attempts in a quarter of an hour. */
const PAUSES_MS = [5_000, 30_000, 120_000, 600_000];
const PROGRESS_EVERY_MS = 1000;
/** How often a tag may move while it is copied before the copy waits for its next attempt. */
const MOVES_LIMIT = 5;
const NOT_THERE = 'does not point to the image. Signatures and documents are copied once it does.';

/** Runs replication tasks. */
export function syncRunner(
  places: SyncPlacesMeans,
  { atOnce, pausesMs = PAUSES_MS }: { atOnce: number; pausesMs?: readonly number[] },
): JobRunner<{ taskId: string }, { digest: string; sentBytes: number }> {
  const { db, regionId } = places.means;
  const settings = new TagTurns();
  return {
    atOnce,
    pausesMs,
    async run({ jobId, signal }) {
      const task = await findSyncTask(db, regionId, jobId);
      if (task === undefined) throw new JobFailed(internal('The task is gone.'), { mayPass: false });
      try {
        return await copyTask(places, task, settings, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw failureOf(error);
      }
    },
    async ended(trx, { jobId }, end) {
      const task = await findSyncTask(trx, regionId, jobId);
      if (task === undefined) return;
      const { taskId, batchId, ruleId, repoId, from } = task;
      const common = { taskId, batchId, ...(ruleId === undefined ? {} : { ruleId }), repoId, tag: from.tag };
      const status = ({ DONE: 'SUCCESS', FAILED: 'ERROR', CANCELED: 'CANCELED' } as const)[end.state];
      const digest = end.state === 'DONE' ? { digest: end.result.digest } : {};
      const issue = end.state === 'FAILED' ? { issue: end.failure.code, reason: end.failure.message } : {};
      await insertEvent(trx, 'sync_finished', { ...common, status, ...digest, ...issue }, end.timeMs);
    },
  };
}

/** Copies the image that the source's tag points to. If the tag moves meanwhile, copies the new image too. */
async function copyTask(
  places: SyncPlacesMeans,
  task: SyncTask,
  turns: TagTurns,
  signal: AbortSignal,
): Promise<{ digest: string; sentBytes: number }> {
  const { db, regionId } = places.means;
  await refuseDenied(places, task);
  const { source, target } = await openPlaces(places, task, signal);
  const { to } = task;
  for (let move = 0; move < MOVES_LIMIT; move += 1) {
    const wanted = await sourceDigest(db, regionId, task);
    const present = await target.findTag(to.tag, signal);
    // A chain has chosen this image, and lets no other out with it.
    const following = { overrides: task.overrides, leavesImages: task.digest !== undefined, signal };
    if (present === wanted) {
      const digests = await plannedDigests(source, wanted, signal);
      return { digest: wanted, sentBytes: await copyReferrers({ source, target }, digests, following) };
    }
    // The copy that the chain began sets the tag. It may be in progress, and past the referrers already.
    if (task.referrersOnly) throw new JobFailed(internal(`The target’s tag ${to.tag} ${NOT_THERE}`), { mayPass: true });
    if (present !== undefined && !task.overrides) throw tagConflict(to.tag);
    const progress = new Progress(db, task.taskId, places.means.newId);
    let copied: Copied;
    try {
      copied = await copyContents({ source, target }, wanted, { signal, watch: progress.watch });
    } finally {
      await progress.end();
    }
    // A client that verifies images finds the signature as soon as the tag is there.
    const sentBytes = copied.sentBytes + (await copyReferrers({ source, target }, copied.digests, following));
    // Of two copies to one tag, the later one checks the tag after the earlier one has set it, so the newest image stays.
    const isSet = await turns.take(`${repositoryPath(to)}:${to.tag}`, async () => {
      if ((await sourceDigest(db, regionId, task)) !== wanted) return false;
      signal.throwIfAborted();
      await refuseDenied(places, task);
      await setTag(target, to.tag, copied, { replaces: present !== undefined }, signal);
      return true;
    });
    if (isSet) return { digest: copied.digest, sentBytes };
  }
  throw new JobFailed(
    { code: 'INTERNAL_ERROR', message: 'The tag was set again and again while it was copied.' },
    { mayPass: true },
  );
}

/** Refuses a copy if its caller, or the author of its rule, is not allowed it now. */
async function refuseDenied({ means }: SyncPlacesMeans, { taskId: id, from, to, author }: SyncTask): Promise<void> {
  const source = `repository/${from.instanceId}/${from.namespaceName}/${from.repoName}`;
  const acts = rightsOfCopy(from.instanceId, [source], to);
  const refusal = await authorRefusal(means.db, means, author, { id, acts });
  if (refusal !== undefined) throw new JobFailed(internal(refusal), { mayPass: false });
}

async function sourceDigest(db: Database, regionId: string, { taskId, from }: SyncTask): Promise<string> {
  // A chain that is made while the task runs fixes its digest.
  const digest = (await findSyncTask(db, regionId, taskId))?.digest;
  const place = { namespaceName: from.namespaceName, name: from.repoName };
  const found = await findTagDigest(db, from.instanceId, place, from.tag);
  if (found !== undefined && digest !== undefined && found.digest !== digest)
    throw new JobFailed(internal(`The tag ${from.tag} was set to another image before it was copied.`), {
      mayPass: false,
    });
  if (found !== undefined) return found.digest;
  throw new JobFailed(internal(`The tag ${from.tag} was deleted before it was copied.`), { mayPass: false });
}

/** A registry that does not let tags be overwritten only says that access is denied. */
async function setTag(
  target: CopyTarget,
  tag: string,
  { root }: Copied,
  { replaces }: { replaces: boolean },
  signal: AbortSignal,
): Promise<void> {
  try {
    await target.putManifest(tag, root, signal);
  } catch (error) {
    if (replaces && error instanceof RegistryError && error.status === 403) throw tagConflict(tag, error);
    throw error;
  }
}

/** Records layers and how much of them was sent, at intervals. */
class Progress {
  readonly #db: Database;
  readonly #taskId: string;
  readonly #newId: (prefix: string) => string;
  readonly #sent = new Map<string, number>();
  #notedMs = performance.now();
  #noting: Promise<void> = Promise.resolve();

  constructor(db: Database, taskId: string, newId: (prefix: string) => string) {
    this.#db = db;
    this.#taskId = taskId;
    this.#newId = newId;
  }

  readonly watch: CopyWatch = {
    planned: (blobs) =>
      insertSyncLayers(
        this.#db,
        this.#taskId,
        blobs.map(([digest, sizeBytes]) => ({ layerTaskId: this.#newId('rslt'), digest, sizeBytes })),
      ),
    sent: (digest, bytes) => {
      this.#sent.set(digest, bytes);
      if (performance.now() < this.#notedMs + PROGRESS_EVERY_MS) return;
      this.#notedMs = performance.now();
      this.#noting = this.#noting.then(() => this.#note());
      // `end` waits for these writes, and throws if one failed.
      this.#noting.catch(() => undefined);
    },
    done: async (digest) => {
      await this.end();
      await noteLayerThere(this.#db, this.#taskId, digest);
    },
  };

  async end(): Promise<void> {
    this.#noting = this.#noting.then(() => this.#note());
    await this.#noting;
  }

  async #note(): Promise<void> {
    const sent = [...this.#sent];
    this.#sent.clear();
    for (const [digest, bytes] of sent) await noteSyncedBytes(this.#db, this.#taskId, digest, bytes);
  }
}

/** Lets one copy at a time set a tag. */
class TagTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<Result>(key: string, act: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = before.then(act, act);
    const settled = mine.catch(() => undefined);
    this.#last.set(key, settled);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }
}

function tagConflict(tag: string, cause?: unknown): JobFailed {
  const message = `The target’s tag ${tag} points to another image, and may not be overwritten.`;
  return new JobFailed({ code: 'TAG_CONFLICT', message }, { mayPass: false, cause });
}

function internal(message: string): Failure {
  return { code: 'INTERNAL_ERROR', message };
}
