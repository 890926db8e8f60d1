import { type AuthorRightsMeans, authorRefusal } from '#account/rule-author.ts';
import { JobFailed, type JobRunner, type RunningJob } from '#job/job.ts';
import { foreignSource } from '#registry/copy/foreign-copy.ts';
import { type OwnCopyMeans, ownTarget } from '#registry/copy/own-copy.ts';
import type { ForeignAccess } from '#registry/foreign/foreign-registry.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { failureOf } from '#replication/copy-failure.ts';
import { ensureForPush } from '#repository/auto-create.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { readNamePattern } from '#rpc/name-pattern.ts';
import { type SubscriptionOutcome, type SubscriptionTask, sourcePath } from '#subscription/subscription.ts';
import { rightsOfMirror } from '#subscription/subscription-denied.ts';
import {
  endResult,
  findSubscriptionTask,
  insertResult,
  noteChosen,
  noteFailedAttempt,
} from '#subscription/subscription-task-store.ts';
import { readCreatedMs } from './image-config.ts';
import { type MirrorEnds, mirrorTag } from './mirror-tag.ts';
import { matchingTags, newestTags, type UpstreamTag } from './newest-tags.ts';
import type { ProviderSettings } from './provider-settings.ts';
import { listUpstreamTags } from './upstream-tags.ts';

/** What mirroring needs. */
export interface MirrorMeans {
  means: Pick<Means, 'db' | 'now' | 'newId' | 'quotas' | 'jobsChanged'> & AuthorRightsMeans;
  own: OwnCopyMeans;
  providers: readonly ProviderSettings[];
  /** How to reach any host. */
  access: Pick<ForeignAccess, 'pin' | 'authorities'>;
}

/** The result of a finished run. */
interface Mirrored {
  outcome: SubscriptionOutcome;
  message: string;
}

const AT_ONCE = 2;
/** A registry that cannot be reached is asked three times in a minute and a half. */
const PAUSES_MS = [15_000, 60_000];
/** Otherwise a registry that sends a byte now and then could keep a run busy forever. */
const LONGEST_RUN_MS = 6 * 3_600_000;
const MESSAGE_LIMIT_CHARS = 2000;

/** Runs subscription rules. */
export function mirrorRunner(
  parts: MirrorMeans,
  pausesMs: readonly number[] = PAUSES_MS,
): JobRunner<{ taskId: string }, Mirrored> {
  const { db } = parts.means;
  return {
    atOnce: AT_ONCE,
    pausesMs,
    async run({ jobId, signal, isLastAttempt }) {
      const task = await findSubscriptionTask(db, jobId);
      if (task === undefined) throw failed('The task is gone.');
      const late = AbortSignal.timeout(LONGEST_RUN_MS);
      try {
        return await mirror(parts, task, { isLastAttempt, signal: AbortSignal.any([signal, late]) });
      } catch (error) {
        signal.throwIfAborted();
        if (late.aborted) throw failed('It took longer than six hours.', error);
        const failure = failureOf(plainError(error));
        if (failure instanceof JobFailed && failure.mayPass && !isLastAttempt)
          await noteFailedAttempt(db, task.taskId, failure.message);
        throw failure;
      }
    },
  };
}

async function mirror(
  parts: MirrorMeans,
  task: SubscriptionTask,
  how: Pick<RunningJob<unknown>, 'isLastAttempt' | 'signal'>,
): Promise<Mirrored> {
  const { db } = parts.means;
  const { taskId, rule } = task;
  await refuseDenied(parts, task);
  const ends = await openEnds(parts, task, how.signal);
  const { tags, total } = await chooseTags(ends, task, how.signal);
  await noteChosen(db, taskId, { tagTotal: total, tagsChosen: tags.length });
  if (tags.length === 0) return { outcome: 'SUCCESS', message: `None of the ${total} tags matches ${rule.tagRegexp}.` };
  const failures: string[] = [];
  for (const [done, tag] of tags.entries()) {
    const failure = await mirrorOne(parts, { task, ends, tag }, how);
    if (failure === undefined) continue;
    failures.push(`${tag}: ${failure.message}`);
    if (!failure.mayPass) continue;
    // The remaining tags would only wait for the same registry.
    failures.push(...tags.slice(done + 1).map((each) => `${each}: it was not tried`));
    break;
  }
  if (failures.length === 0) return { outcome: 'SUCCESS', message: 'success' };
  const told = `${failures.length} of ${tags.length} tags failed. ${failures.join('; ')}`.slice(0, MESSAGE_LIMIT_CHARS);
  return { outcome: failures.length === tags.length ? 'FAILED' : 'PART_SUCCESS', message: told };
}

/** Mirrors one tag, and records the result. Returns why it failed; throws an error that another attempt may not have. */
async function mirrorOne(
  parts: MirrorMeans,
  { task, ends, tag }: { task: SubscriptionTask; ends: MirrorEnds; tag: string },
  { isLastAttempt, signal }: Pick<RunningJob<unknown>, 'isLastAttempt' | 'signal'>,
): Promise<JobFailed | undefined> {
  const { means } = parts;
  const { db, now } = means;
  const noted = { taskId: task.taskId, tag };
  await insertResult(db, task.taskId, tag, now());
  try {
    await refuseDenied(parts, task);
    await mirrorTag(means, ends, { task, tag, signal });
    await endResult(db, noted, { result: 'SUCCESS', nowMs: now() });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const failure = failureOf(plainError(error));
    if (!(failure instanceof JobFailed) || (failure.mayPass && !isLastAttempt)) throw failure;
    await endResult(db, noted, { result: 'FAILED', message: failure.message, nowMs: now() });
    return failure;
  }
}

/** Refuses a run if its caller, or the author of its rule, is not allowed it now. */
async function refuseDenied({ means }: MirrorMeans, { taskId: id, rule, author }: SubscriptionTask): Promise<void> {
  const acts = rightsOfMirror(rule.instanceId, rule.namespaceName, rule.repoName);
  const refusal = await authorRefusal(means.db, means, author, { id, acts });
  if (refusal !== undefined) throw failed(refusal);
}

/** Opens both ends of a run. */
async function openEnds(
  { means, own, providers, access }: MirrorMeans,
  { rule, askedBy }: SubscriptionTask,
  signal: AbortSignal,
): Promise<MirrorEnds & { upstream: Parameters<typeof listUpstreamTags>[0] }> {
  const provider = providers.find(({ name }) => name === rule.provider);
  if (provider === undefined) throw failed(`The server no longer knows the registry ${rule.provider}.`);
  const { instanceId, namespaceName, repoName: name } = rule;
  if (!(await ensureForPush(means, instanceId, namespaceName, name)))
    throw failed(
      `The repository ${namespaceName}/${name} does not exist, and its namespace does not create repositories on push.`,
    );
  const { repoId } = await getRepositoryByName(means.db, instanceId, namespaceName, name);
  const isTls = new URL(provider.registry).protocol === 'https:';
  const { host, login } = provider;
  const reached = { ...access, tlsVerify: isTls, login };
  const repository = sourcePath(rule);
  return {
    upstream: { provider, repository, access: { ...reached, signal } },
    source: foreignSource({ host, repository, access: reached }),
    target: ownTarget(own, { namespaceName, name }, { by: askedBy, origin: 'subscription' }),
    repoId,
  };
}

async function chooseTags(
  { upstream, source }: Awaited<ReturnType<typeof openEnds>>,
  { rule }: SubscriptionTask,
  signal: AbortSignal,
): Promise<{ tags: string[]; total: number }> {
  const pattern = readNamePattern('TagRegexp', rule.tagRegexp);
  const count = rule.tagCount;
  const isEnough = async (listed: readonly UpstreamTag[]) => (await matchingTags(listed, pattern)).length >= count;
  const { tags, total } = await listUpstreamTags(upstream, isEnough);
  const createdMs = (tag: string) => readCreatedMs(source, tag, signal);
  return { tags: await newestTags(tags, { pattern, count, createdMs }), total };
}

/** The message for a refusal of the registry: those who read it may be unable to set a login. */
function plainError(error: unknown): unknown {
  if (!(error instanceof RegistryError) || error.kind !== 'unauthorised') return error;
  const message =
    'The registry refuses access: the repository is private, or does not exist. If it is private, the operator can set a login in subscription-providers-file.';
  return new RegistryError('unauthorised', message, '', { cause: error, status: error.status });
}

function failed(message: string, cause?: unknown): JobFailed {
  return new JobFailed({ code: 'INTERNAL_ERROR', message }, { mayPass: false, cause });
}
