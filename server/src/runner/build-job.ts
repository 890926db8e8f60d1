import type { AllowedAddresses } from '#address/address.ts';
import type { BlobStore } from '#blob/blob.ts';
import type { BuildRecord } from '#build/build.ts';
import { type BuildOutcome, RefusedRequest, type Sandbox, SandboxLost } from '#sandbox/sandbox.ts';
import { type CodeRepoType, cloneUrl } from '#source/source.ts';
import { type BaseImages, readyBases } from './base-images.ts';
import { BuildFailed } from './build-failed.ts';
import type { BuildLog } from './build-log.ts';
import { planDockerfile } from './dockerfile.ts';
import { fetchCommit } from './git-fetch.ts';
import { outcomeFailure } from './outcome-failure.ts';
import { readSourceFile } from './source-file.ts';
import { unpackArchive } from './unpack.ts';
import { makeWorkFolder, type WorkFolder } from './work-folder.ts';

/** The limits that each build runs under. */
export interface BuildLimits {
  memoryBytes: number;
  cpus: number;
  pids: number;
  diskBytes: number;
  timeoutMs: number;
  sourceBytes: number;
}

/** What the stages of a build need. */
export interface BuildMeans {
  sandbox: Sandbox;
  blobs: BlobStore;
  bases: BaseImages;
  allowed: AllowedAddresses;
  limits: BuildLimits;
  egress: 'world' | 'none';
  /** Whether repositories keep their layers for the next build. */
  keepCache: boolean;
  sourceUrls: Record<CodeRepoType, string>;
  childEnvironment: (extra: Record<string, string>) => Record<string, string>;
  /** Pushes the finished image of `folder` and gives its digest. */
  push(build: PushRequest): Promise<{ digest: string }>;
}

/** One finished image to push. */
export interface PushRequest {
  repository: string;
  tag: string;
  folder: WorkFolder;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => void;
}

/** One build as the runner hands it over. */
export interface BuildJob {
  record: BuildRecord;
  /** `namespace/name`. */
  repository: string;
  folder: WorkFolder;
  log: BuildLog;
  signal: AbortSignal;
  onCommit: (commitId: string) => Promise<void>;
}

// The layers of an image store end at 128; with a base in a store of its own they end earlier (docs/sandbox.md).
const LAYERED_STEPS_LIMIT = 75;
const DOCKERFILE_LIMIT_BYTES = 1024 * 1024;

/** Runs the three stages of a build. Gives the pushed image's digest, or throws what ended the build. */
export async function runBuildJob(means: BuildMeans, job: BuildJob): Promise<string> {
  const { log } = job;
  await log.stage('GIT_CLONE', () => fetchSource(means, job), failureLine);
  await log.stage('DOCKER_IMAGE_BUILD', () => buildImage(means, job).catch(explainSandbox), failureLine);
  return log.stage('DOCKER_IMAGE_PUSH', () => pushImage(means, job), failureLine);
}

/** The sentence that a log gives for what ended a build. */
export function failureLine(error: unknown): string {
  return error instanceof BuildFailed
    ? error.message
    : 'the server failed while it ran this stage; its own log says more';
}

const SOURCE_REFUSALS = ['platform', 'no-dockerfile', 'load-failed'];

function explainSandbox(error: unknown): never {
  if (error instanceof SandboxLost) {
    const lostLines = 'the sandbox helper died';
    throw new BuildFailed('machine', 'the sandbox helper died while the build ran', { cause: error, lostLines });
  }
  if (!(error instanceof RefusedRequest)) throw error;
  const fault = SOURCE_REFUSALS.includes(error.code) ? 'source' : 'machine';
  throw new BuildFailed(fault, error.message, { cause: error });
}

async function fetchSource(means: BuildMeans, job: BuildJob): Promise<void> {
  const { record, folder, log, signal } = job;
  const { source } = record;
  await makeWorkFolder(folder);
  const common = { folder, signal, env: means.childEnvironment, onOutput: (chunk: Buffer) => log.output(chunk) };
  if (source.kind === 'archive') {
    await log.line(`source: the folder ${source.name}, as it was sent`);
    const archive = await means.blobs.get(`sources/${source.archiveId}`);
    await unpackArchive({ ...common, archive });
  } else {
    const url = source.kind === 'git' ? source.url : cloneUrl(means.sourceUrls[source.type], source);
    await log.line(`source: ${url} ${source.ref}`);
    const { allowed, limits } = means;
    const commit = await fetchCommit({ ...common, url, ref: source.ref, allowed, limitBytes: limits.sourceBytes });
    await job.onCommit(commit.commitId);
    await log.line(`commit ${commit.commitId} (${commit.description})`);
  }
}

async function buildImage(means: BuildMeans, job: BuildJob): Promise<void> {
  const { record, folder, log, signal } = job;
  const text = await readSourceFile(folder.context, record.dockerfile, DOCKERFILE_LIMIT_BYTES);
  const plan = planDockerfile(text, record.buildArgs, record.platform);
  const say = (line: string) => log.line(line);
  const build = { buildRecordId: record.buildRecordId, images: plan.images, folder, signal, say };
  const bases = await readyBases(means.bases, build);
  const layers = plan.stepCount <= LAYERED_STEPS_LIMIT;
  if (!layers)
    await log.line(`${plan.stepCount} steps: built without the layer cache, which holds ${LAYERED_STEPS_LIMIT}`);
  const tracker = log.builderOutput();
  const outcome: BuildOutcome = await means.sandbox.runBuild(
    {
      buildId: record.buildRecordId,
      repositoryId: record.repoId,
      dockerfile: record.dockerfile,
      buildArgs: Object.fromEntries(record.buildArgs.map(splitBuildArg)),
      bases,
      cache: record.useCache && means.keepCache,
      layers,
      platform: record.platform,
      limits: means.limits,
      egress: means.egress,
    },
    { onOutput: (chunk) => tracker.write(chunk), signal },
  );
  signal.throwIfAborted();
  const failure = outcomeFailure(outcome, tracker, means.limits);
  if (failure) throw failure;
}

async function pushImage(means: BuildMeans, job: BuildJob): Promise<string> {
  const { record, folder, log, signal, repository } = job;
  const tag = record.imageTag;
  let written = Promise.resolve();
  const onOutput = (chunk: Buffer) => {
    written = written.then(() => log.output(chunk));
  };
  const { digest } = await means.push({ repository, tag, folder, signal, onOutput }).finally(() => written);
  await log.line(`pushed ${repository}:${tag}, digest ${digest}`);
  return digest;
}

function splitBuildArg(argument: string): [string, string] {
  const at = argument.indexOf('=');
  return [argument.slice(0, at), argument.slice(at + 1)];
}
