import type { LogWriter } from '@slipway/logbook';
import { ACCELERATED, type AccelerationTask, priorityPaths, tagLengthMistake } from '#acceleration/acceleration.ts';
import { rightsOfConversion } from '#acceleration/acceleration-denied.ts';
import { findRuleOfRepository, getAccelerationTask } from '#acceleration/acceleration-store.ts';
import { type AuthorRightsMeans, authorRefusal } from '#account/rule-author.ts';
import { JobFailed, type JobRunner, type RunningJob } from '#job/job.ts';
import { type OwnCopyMeans, ownSource, ownTarget } from '#registry/copy/own-copy.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { getRepository } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { ConversionRefused, convertImage } from './convert-image.ts';
import { makeLayerFolder } from './layer-file.ts';

/** What conversions need. */
export interface AccelerateMeans {
  means: Pick<Means, 'db' | 'logbook'> & AuthorRightsMeans;
  own: OwnCopyMeans;
  /** Where layers are kept while they are converted. */
  folder: string;
}

type AccelerationSubject = Pick<AccelerationTask, 'taskId' | 'instanceId'>;

const STAGE = 'CONVERT';
/** Nothing uses a converted layer until the manifest is stored: the gate keeps it while the next layers are converted. */
const KEEP_EVERY_MS = 30_000;

/** Converts images, one at a time, so the newest image of a tag is converted last. */
export function accelerateRunner(parts: AccelerateMeans): JobRunner<AccelerationSubject, { digest: string }> {
  return { atOnce: 1, pausesMs: [30_000, 300_000], run: (job) => accelerate(parts, job) };
}

async function accelerate(
  parts: AccelerateMeans,
  { jobId, subject, signal, attempt }: RunningJob<AccelerationSubject>,
): Promise<{ digest: string }> {
  const log = await beginLog(parts.means.logbook, jobId);
  try {
    if (attempt > 1) await log.line(`attempt ${attempt}`);
    const task = await getAccelerationTask(parts.means.db, subject.instanceId, jobId);
    const digest = await convert(parts, task, signal, (line) => log.line(line));
    await log.seal({ verdict: 'complete' });
    return { digest };
  } catch (error) {
    const reason = reasonOf(error);
    const told = signal.aborted ? 'cancelled, or the server closes' : (reason ?? 'a fault of the server; see its log');
    await log.line(told);
    await log.seal({ verdict: 'partial', reason: told });
    signal.throwIfAborted();
    if (reason === undefined) throw error;
    throw new JobFailed({ code: 'CONVERSION_REFUSED', message: reason }, { mayPass: false, cause: error });
  }
}

/** The log of a task is that of its last attempt. */
async function beginLog(logbook: Means['logbook'], taskId: string): Promise<LogWriter> {
  if (await logbook.open(taskId)) await logbook.remove(taskId);
  const log = await logbook.create(taskId);
  log.stage(STAGE);
  return log;
}

async function convert(
  { means, own, folder: parent }: AccelerateMeans,
  { taskId: id, instanceId, repoId, tag, digest, author }: AccelerationTask,
  signal: AbortSignal,
  say: (line: string) => Promise<void>,
): Promise<string> {
  const { namespaceName, name } = await getRepository(means.db, instanceId, repoId);
  const repository = `${namespaceName}/${name}`;
  const to = `${tag}${ACCELERATED}`;
  await say(`convert ${repository}:${tag} (${digest}) to eStargz, as ${repository}:${to}`);
  const acts = rightsOfConversion(`repository/${instanceId}/${repository}`);
  const refusal = await authorRefusal(means.db, means, author, { id, acts });
  if (refusal !== undefined) throw new ConversionRefused(refusal);
  const tooLong = tagLengthMistake(tag);
  if (tooLong !== undefined) throw new ConversionRefused(tooLong);
  const first = priorityPaths((await findRuleOfRepository(means.db, repoId))?.priorityFile);
  if (first.length > 0) await say(`paths of the priority file, which come first: ${first.length}`);
  const target = ownTarget(own, { namespaceName, name }, { by: 'accelerate', origin: 'convert' });
  const keeping = setInterval(() => own.gate.note(repository), KEEP_EVERY_MS);
  try {
    await using folder = await makeLayerFolder(parent);
    const source = ownSource(own, { namespaceName, name });
    const manifest = await convertImage({ source, target, folder, first, signal, say }, digest);
    signal.throwIfAborted();
    await target.putManifest(to, manifest, signal);
    const made = (await target.findTag(to, signal)) ?? '';
    await say(`${repository}:${to} is ${made}`);
    return made;
  } finally {
    clearInterval(keeping);
  }
}

/** Why an image was not converted, for its user; undefined for a fault of the server. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof ConversionRefused) return error.message;
  if (error instanceof ApiError && error.status < 500) return error.message;
  if (error instanceof RegistryError) return `The image no longer exists: ${error.message}.`;
  return undefined;
}
