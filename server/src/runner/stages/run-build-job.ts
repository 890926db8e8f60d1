import { ANY_ADDRESS } from '#address/address.ts';
import { pushingBuild } from '#build/build.ts';
import { copiedStore } from '#build/layer-store.ts';
import type { GivenSecrets } from '#build/request/given-secrets.ts';
import { HOST_PLATFORM, isNative } from '#platform/platform.ts';
import type { Builder, BuildOutcome } from '#sandbox/client/sandbox.ts';
import { secretOf } from '#source/hosts/code-host.ts';
import { secretLines } from '#source/hosts/ssh-key.ts';
import { shownRef } from '#source/ref-name.ts';
import { cloneUrl, pullRequestOf } from '#source/source.ts';
import { fetchCaches, type PushedCache, planCachePush } from '../bases/build-cache.ts';
import { shownBase, shownStages, stepPlatformsOf } from '../bases/build-platforms.ts';
import { layerStoreId } from '../bases/layer-store-id.ts';
import { dockerfileForBuilder, pinnedName } from '../dockerfile/dockerfile-directives.ts';
import { blamedLines, lineOfInstruction } from '../dockerfile/dockerfile-lines.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { explainSandbox } from '../failure/explain-sandbox.ts';
import { fetchCommit } from '../git/git-fetch.ts';
import type { StageFailure } from '../output/build-log.ts';
import { outcomeLines } from '../output/outcome-lines.ts';
import { requireSources } from '../work/named-source.ts';
import { readSourceFile } from '../work/source-file.ts';
import type { BuildJob, BuildMeans } from './build-job.ts';
import { gitArguments } from './fetch-arguments.ts';
import { type ContextFolder, fetchContexts } from './fetch-contexts.ts';
import { type ImageOrigin, imageLabels } from './image-labels.ts';
import { outcomeFailure, stoppedFailure } from './outcome-failure.ts';
import { planBuild } from './plan-build.ts';
import { pushCache } from './push-cache.ts';
import { readySecrets } from './ready-secrets.ts';
import { startBuilder } from './start-builder.ts';
import { unpackSent } from './unpack-sent.ts';

const DOCKERFILE_LIMIT_BYTES = 1024 * 1024;

/**
 * Runs the three stages of a build. Returns the digest of the image, or undefined if it is not to be pushed; throws what
 * ended the build.
 */
export async function runBuildJob(means: BuildMeans, job: BuildJob): Promise<string | undefined> {
  const { log } = job;
  const given = await means.givenSecrets(job.record);
  // Before any output, because a source may print them too.
  await log.addSecret(...Object.values(given.secrets), ...Object.values(given.sshKeys).map(secretLines));
  let builder: Builder | undefined;
  const fetch = async () => {
    await job.place.open().catch(explainSandbox);
    builder = startBuilder(means, job.record);
    return job.place.limited('fetching the source', async () => {
      const origin = await fetchSource(means, job);
      return { ...origin, contexts: await fetchContexts(means, job) };
    });
  };
  let pushed: { cacheTo: PushedCache | undefined };
  try {
    const origin = await log.stage('GIT_CLONE', fetch, stageFailure);
    const build = () => buildImage(means, job, origin, given, builder ?? means.sandbox).catch(explainSandbox);
    pushed = await log.stage('DOCKER_IMAGE_BUILD', build, stageFailure);
  } finally {
    await builder?.close();
  }
  const { cacheTo } = pushed;
  return log.stage('DOCKER_IMAGE_PUSH', () => pushImage(means, job, cacheTo), stageFailure);
}

/** The origin of the source, and the additional folders. */
type FetchedSource = SourceOrigin & { contexts: readonly ContextFolder[] };
/** Also the SHA-256 of the archive that it was sent as. */
type SourceOrigin = ImageOrigin & { archive?: string };

/** The sentence in the log about what ended a build. */
export function failureLine(error: unknown): string {
  return error instanceof BuildFailed
    ? error.message
    : 'the server failed while it ran this stage; see the server’s log';
}

/** How the log tells what ended a stage. */
export function stageFailure(error: unknown): StageFailure {
  return { reason: failureLine(error), how: error instanceof BuildFailed ? error.stageEnd : 'failed' };
}

/** Puts the source into its folder; returns its origin, which is empty for a sent folder. */
async function fetchSource(means: BuildMeans, job: BuildJob): Promise<SourceOrigin> {
  const { record, log } = job;
  const { source } = record;
  const refusal = await means.beginRefusal(record, job.repository);
  if (refusal !== undefined) throw new BuildFailed('requester-denied', refusal);
  if (source.kind === 'archive') {
    await log.line(`source: the folder ${source.name}, as sent`);
    const sha256 = await unpackSent(means, job, source.archiveId);
    return { url: undefined, commitId: undefined, archive: sha256 };
  }
  const host = source.kind === 'git' ? undefined : await means.codeHost(record.instanceId, source.type);
  if (host?.login) await log.addSecret(secretOf(host.login));
  const url = source.kind === 'git' ? source.url : cloneUrl(host?.baseUrl ?? '', source);
  const at = source.commitId === undefined ? '' : `, at ${source.commitId}`;
  await log.line(`source: ${url} ${shownRef(source.ref)}${at}`);
  if (pullRequestOf(record) !== undefined)
    await log.line('a pull request is built without secrets, logins and submodules, and with a cache of its own');
  const commit = await fetchCommit({
    ...gitArguments(means, job),
    url,
    ref: source.ref,
    commitId: source.commitId,
    host: {
      login: host?.login,
      allowed: host?.allowPrivate ? ANY_ADDRESS : means.allowed,
      ...(source.kind === 'code-host' ? { fix: `slipway source set ${source.type} … --allow-private` } : {}),
    },
  });
  await job.onCommit(commit);
  await log.line(`commit ${commit.commitId} (${commit.author}: ${commit.subject})`);
  return { url, commitId: commit.commitId };
}

/** Returns where to push the cache of the build, if requested. */
async function buildImage(
  means: BuildMeans,
  job: BuildJob,
  origin: FetchedSource,
  given: GivenSecrets,
  builder: Pick<Builder, 'runBuild'>,
): Promise<{ cacheTo: PushedCache | undefined }> {
  const { record, place, log, steps, signal } = job;
  const { target, noCache, labels, platforms = [HOST_PLATFORM] } = record.options;
  const text = await readSourceFile(place.folder.context, record.dockerfile, DOCKERFILE_LIMIT_BYTES);
  const dockerfile = { path: record.dockerfile, text };
  const say = (line: string) => log.line(line);
  const onSecret = (secret: string) => log.addSecret(secret);
  const { repository } = job;
  const maxBytes = means.limits.diskBytes;
  const planned = { record, repository, maxBytes, place, signal, say, onSecret };
  const { plan, named, build, images, hasFrontend } = await planBuild(means.bases, dockerfile, planned);
  await requireSources(place.folder.context, plan.sources);
  const cacheFrom = await place.limited('fetching the caches', () => fetchCaches(means.bases, build));
  const cacheTo = await planCachePush({ ...means.bases, pushRefusal: means.pushRefusal }, build);
  await job.onBases(images.map((image) => shownBase(image, platforms)));
  const secrets = await readySecrets(means, job, plan.secretIds, given);
  const shadowed = new Set(plan.shadowed.map(({ image }) => image));
  // For an image for several platforms, a name uses the first digest.
  const digests = new Map(images.map(({ image, digest }) => [image, digest] as const).toReversed());
  const bases = images.map(({ image, platform, scope, digest }, at) => {
    const own = shadowed.has(image) ? pinnedName(image, digests.get(image)) : image;
    return { name: named[at - plan.images.length]?.context ?? own, platform, scope, digest };
  });
  const stepPlatforms = stepPlatformsOf(plan.stepPlatforms, images);
  const emulated = stepPlatforms.filter((platform) => !isNative(platform));
  if (emulated.length > 0) await log.line(`steps for ${emulated.join(', ')} run under emulation, which takes longer`);
  if (means.egress === 'none') await log.line('the build has no network: the setting build-network is none');
  const output = log.builderOutput(steps, shownStages(plan.stages, platforms));
  const storeId = layerStoreId(build, images, cacheFrom);
  const outcome: BuildOutcome = await builder
    .runBuild(
      {
        buildId: record.buildRecordId,
        repositoryId: storeId,
        ...copiedStore(storeId, means.pullRequestCache),
        dockerfile: record.dockerfile,
        dockerfileText: dockerfileForBuilder(text, plan, digests, { keepsSyntax: hasFrontend }),
        buildArgs: Object.fromEntries(record.buildArgs.map(splitBuildArg)),
        bases,
        secrets,
        sshKeys: given.sshKeys,
        contexts: origin.contexts,
        isFetched: record.source.kind !== 'archive',
        ...(origin.archive === undefined ? {} : { archive: origin.archive }),
        cache: record.useCache && means.keepCache,
        cacheWaitMs: means.cacheWaitMs,
        noCache: noCache === true,
        cacheFrom: cacheFrom.map(({ scope, digest }) => ({ scope, digest })),
        ...(cacheTo === undefined ? {} : { cacheTo: cacheTo.mode }),
        ...(target === undefined ? {} : { target }),
        platforms,
        stepPlatforms,
        labels: { ...imageLabels(text, origin), ...labels },
        limits: means.limits,
        egress: means.egress,
        ...means.surroundings,
      },
      {
        onOutput: (chunk, streams) => output.write(chunk, streams),
        onStep: (step, bytes) => output.writeStep(step, bytes),
        onStepEnd: (step, isLost) => output.endStep(step, isLost),
        onLine: (line) => output.say(line),
        onAgain: (line) => output.again(line),
        signal,
      },
    )
    .finally(() => output.end());
  for (const line of outcomeLines(outcome)) await log.line(line);
  await steps.close();
  if (signal.aborted && !(signal.reason instanceof BuildFailed)) throw signal.reason;
  const failure = signal.aborted
    ? stoppedFailure(signal.reason, output)
    : outcomeFailure(outcome, output, { ...means.limits, isOffline: means.egress === 'none' });
  if (failure) {
    const isStopped = signal.aborted || outcome.reason !== 'exited';
    const stopped = isStopped ? lineOfInstruction(dockerfile, output.newest?.instruction ?? '') : undefined;
    failure.dockerfile = blamedLines(dockerfile, output.words) ?? stopped;
  }
  if (failure) throw failure;
  return { cacheTo };
}

async function pushImage(
  means: BuildMeans,
  job: BuildJob,
  cacheTo: PushedCache | undefined,
): Promise<string | undefined> {
  const { record, place, log, signal, repository } = job;
  if (pullRequestOf(record) !== undefined && !means.pushPullRequests) {
    await log.line('not pushed, because it is of a pull request: the setting pull-requests is build');
    return undefined;
  }
  const name = `${repository}:${record.imageTag}`;
  let written = Promise.resolve();
  const onOutput = (chunk: Buffer) => {
    written = written.then(() => log.output(chunk));
  };
  const told = {
    onOutput,
    onSecret: (secret: string) => log.addSecret(secret),
    say: (line: string) => log.line(line),
  };
  const newer = await job.takeTagTurn();
  if (newer !== undefined)
    await log.line(
      `${name} is unchanged: build ${newer}, which was requested later, has already pushed it; this image gets no tag`,
    );
  const tag = newer === undefined ? record.imageTag : undefined;
  const { folder, start } = place;
  const push = () =>
    means.push({ build: pushingBuild(record), repository, tag, folder, start, signal, ...told }).finally(() => written);
  const { digest } = await place.limited('pushing the image', push);
  await log.line(`pushed ${tag === undefined ? repository : name}, digest ${digest}`);
  if (cacheTo) await pushCache(means, job, cacheTo, told).finally(() => written);
  return digest;
}

function splitBuildArg(argument: string): [string, string] {
  const at = argument.indexOf('=');
  return [argument.slice(0, at), argument.slice(at + 1)];
}
