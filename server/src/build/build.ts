import type { Requester } from '#account/requester.ts';
import type { PushingBuild } from '#image/image.ts';
import type { BuildSource } from '#source/source.ts';
import type { BuildOptions } from './build-options.ts';
import type { FailureFacts, FailureKind } from './failure/failure-kind.ts';
import type { Fault } from './failure/failure-row.ts';

/** A build moves through these in order, never backwards. The last three are final. */
export const BUILD_STATUSES = ['PENDING', 'BUILDING', 'SUCCESS', 'FAILED', 'CANCELED'] as const;

export type BuildStatus = (typeof BUILD_STATUSES)[number];

export type FinalStatus = Exclude<BuildStatus, 'PENDING' | 'BUILDING'>;

/**
 * What started a build: a call with everything to build, a call that named a rule, a push or pull request that a rule matched,
 * or a call to repeat a build.
 */
export const BUILD_TRIGGERS = ['call', 'rule', 'push', 'pull-request', 'rebuild'] as const;

export type BuildTrigger = (typeof BUILD_TRIGGERS)[number];

/** The stages of a build in order, with the names in `BuildStage`. */
export const STAGES = ['GIT_CLONE', 'DOCKER_IMAGE_BUILD', 'DOCKER_IMAGE_PUSH'] as const;

export type Stage = (typeof STAGES)[number];

/** Why a build did not succeed: whose fault it was, and a sentence. */
export interface BuildFailure {
  fault: Fault;
  /** In which of the known ways it failed. Undefined for records older than this field. */
  kind?: FailureKind | undefined;
  /** What the commands that fix it name. */
  facts?: FailureFacts | undefined;
  /** The line of the log in which the server says why; undefined if the log has none. */
  line?: number | undefined;
  message: string;
  /** The message without the failing step's instruction, if it has one. Undefined for records older than this field. */
  summary?: string | undefined;
  /** The exit code of the failing step's program, if it ran. */
  exitCode?: number | undefined;
  /** The failing step's lines in the Dockerfile, if known. */
  dockerfile?: DockerfileLines | undefined;
}

/** Lines of a Dockerfile, with secrets masked. For a long instruction, only its first lines. */
export interface DockerfileLines {
  /** Path inside the source. */
  path: string;
  /** Numbered from 1, inclusive. */
  firstLine: number;
  lastLine: number;
  lines: readonly string[];
}

/** An image that a build started from. */
export interface BaseImage {
  name: string;
  digest: string;
  /** The platform it was fetched for, if the build has several or another than the server's own. */
  platform?: string | undefined;
}

/**
 * A requester of a build: who called for it; who created or last changed the rule or the source, since both choose what is
 * built; or who called for the build that it repeats. `who` is undefined for data from before requesters were recorded.
 */
export interface BuildRequester {
  part: 'call' | 'rule' | 'source' | 'record';
  who?: Requester | undefined;
}

/** Why a build was cancelled: someone called for it, a newer build replaced it, or its repository was deleted. */
export interface Cancellation {
  cause: 'call' | 'superseded' | 'repository-deleted';
  timeMs: number;
  /** The caller. Undefined for a newer build, which may have been started by a push. */
  who?: Pick<Requester, 'arn' | 'accessKeyId'> | undefined;
}

/** One build, from the request to its end. */
export interface BuildRecord {
  buildRecordId: string;
  instanceId: string;
  repoId: string;
  status: BuildStatus;
  imageTag: string;
  source: BuildSource;
  /** Path of the Dockerfile inside the source. */
  dockerfile: string;
  /** Each is `K=V`. */
  buildArgs: readonly string[];
  useCache: boolean;
  options: BuildOptions;
  createdMs: number;
  startedMs: number | undefined;
  endedMs: number | undefined;
  failure: BuildFailure | undefined;
  imageDigest: string | undefined;
  /** Why the log of a build that ended may lack lines; undefined if it has all, and for records older than this field. */
  lostLines: string | undefined;
  commitId: string | undefined;
  commitAuthor: string | undefined;
  /** The first line of the commit message. */
  commitMessage: string | undefined;
  /** In the order of the Dockerfile; undefined until they are known. */
  baseImages: readonly BaseImage[] | undefined;
  /** The rule that started it. The rule may have been deleted since. */
  buildRuleId: string | undefined;
  /** Undefined for records older than requesters. */
  trigger: BuildTrigger | undefined;
  cancelRequested: boolean;
  /** Undefined also for records that were cancelled before this field existed. */
  cancellation: Cancellation | undefined;
  /** The newer build that replaced this one: this one was cancelled or, if it succeeded, the newer one had already moved the tag. */
  supersededBy: string | undefined;
  /** When its log expired; undefined while the log is kept. */
  logExpiredMs: number | undefined;
  leaseEpoch: number;
  /** Everyone for whom it builds. Each must be allowed what the build reads. Undefined for records older than this field. */
  requesters: readonly BuildRequester[] | undefined;
}

/** The claim by which a build that runs pushes. */
export function pushingBuild({ buildRecordId, leaseEpoch }: BuildRecord): PushingBuild {
  return { buildRecordId, epoch: leaseEpoch };
}

/** Whether a build has ended. */
export function isFinalStatus(status: BuildStatus): status is FinalStatus {
  return status !== 'PENDING' && status !== 'BUILDING';
}

/**
 * The path of a Dockerfile inside a source, from the API's two parts: `DockerfileLocation` (a folder, `/` is the top) and
 * `DockerfileName`. Undefined if it is not a path or leads outside the source.
 */
export function dockerfilePath(location = '/', name = 'Dockerfile'): string | undefined {
  const parts = `${location}/${name}`.split('/').filter((part) => part !== '' && part !== '.');
  const bad = parts.some((part) => part === '..' || /[\\\p{Cc}]/u.test(part));
  const path = parts.join('/');
  return bad || name.endsWith('/') || path === '' || path.length > 1024 ? undefined : path;
}

const BUILD_ARG = /^[A-Za-z_][A-Za-z0-9_]{0,127}=/;

/** Why a list of build arguments is invalid, or undefined if it is valid. */
export function buildArgsMistake(buildArgs: readonly string[]): string | undefined {
  if (buildArgs.length > 100) return `${buildArgs.length} build arguments; 100 is the limit`;
  const bad = buildArgs.find(
    (argument) => !BUILD_ARG.test(argument) || argument.length > 4096 || /[\0\n\r]/.test(argument),
  );
  return bad === undefined
    ? undefined
    : `${JSON.stringify(bad.slice(0, 80))} is not of the form NAME=value on one line`;
}
