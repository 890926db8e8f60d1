import type { Requester } from '#account/requester.ts';
import type { BuildSource } from '#source/source.ts';
import type { BuildOptions } from './request/build-options.ts';

/** In this order, never backwards; the last three are final. */
export const BUILD_STATUSES = ['PENDING', 'BUILDING', 'SUCCESS', 'FAILED', 'CANCELED'] as const;

export type BuildStatus = (typeof BUILD_STATUSES)[number];

export type FinalStatus = Exclude<BuildStatus, 'PENDING' | 'BUILDING'>;

/** The stages of a build in order, as `BuildStage` names them. */
export const STAGES = ['GIT_CLONE', 'DOCKER_IMAGE_BUILD', 'DOCKER_IMAGE_PUSH'] as const;

export type Stage = (typeof STAGES)[number];

/** Why a build did not succeed: whose fault it was, and one sentence. */
export interface BuildFailure {
  /**
   * `source`: what the caller gave cannot be built; `settings`: a limit or rule of this server ended it, which the message
   * names; `machine`: the server, a builder or the registry failed.
   */
  fault: 'source' | 'settings' | 'machine' | 'cancelled';
  message: string;
  /** What the failing step's program ended with, if it ran. */
  exitCode?: number | undefined;
  /** Where the failing step stands in the Dockerfile, if it failed in one and its lines are known. */
  dockerfile?: DockerfileLines | undefined;
}

/** Lines of a Dockerfile, secrets masked: the first ones of a long instruction. */
export interface DockerfileLines {
  /** Path inside the source. */
  path: string;
  /** From 1, both included. */
  firstLine: number;
  lastLine: number;
  lines: readonly string[];
}

/** An image that a build started from. */
export interface BaseImage {
  name: string;
  digest: string;
  /** Where it was fetched for several, or for another than the server's machine. */
  platform?: string | undefined;
}

/**
 * One for whom a build runs: who called for it; who made or last changed the rule and the source, since either of them chooses
 * what is built; who called for the build that it repeats. `who` is undefined of what is from before that was kept.
 */
export interface BuildRequester {
  part: 'call' | 'rule' | 'source' | 'record';
  who?: Requester | undefined;
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
  /** `K=V` each. */
  buildArgs: readonly string[];
  useCache: boolean;
  options: BuildOptions;
  createdMs: number;
  startedMs: number | undefined;
  endedMs: number | undefined;
  failure: BuildFailure | undefined;
  imageDigest: string | undefined;
  commitId: string | undefined;
  commitAuthor: string | undefined;
  /** The first line of the commit's message. */
  commitMessage: string | undefined;
  /** In the order of the Dockerfile; undefined before they are known. */
  baseImages: readonly BaseImage[] | undefined;
  /** The rule that made it; it may be gone by now. */
  buildRuleId: string | undefined;
  cancelRequested: boolean;
  /** The newer build for which this one was cancelled or, if this one succeeded, which had moved the tag before it. */
  supersededBy: string | undefined;
  /** Since when its log is kept no longer; undefined while it is kept. */
  logExpiredMs: number | undefined;
  leaseEpoch: number;
  /** For whom it builds: each of them must be allowed what it reads. Undefined of records from before that was kept. */
  requesters: readonly BuildRequester[] | undefined;
}

/** The statuses that may come before `status`: what an update of the record must find. */
export function statusesBefore(status: BuildStatus): readonly BuildStatus[] {
  if (status === 'PENDING') return [];
  return status === 'BUILDING' ? ['PENDING'] : ['PENDING', 'BUILDING'];
}

/**
 * The path of a Dockerfile inside a source from the API's two parts, `DockerfileLocation` (a folder, `/` is the top)
 * and `DockerfileName`; undefined if it leads outside or is no path.
 */
export function dockerfilePath(location = '/', name = 'Dockerfile'): string | undefined {
  const parts = `${location}/${name}`.split('/').filter((part) => part !== '' && part !== '.');
  const bad = parts.some((part) => part === '..' || /[\\\p{Cc}]/u.test(part));
  const path = parts.join('/');
  return bad || name.endsWith('/') || path === '' || path.length > 1024 ? undefined : path;
}

const BUILD_ARG = /^[A-Za-z_][A-Za-z0-9_]{0,127}=/;

/** Why a list of build arguments cannot be used, or undefined if it can. */
export function buildArgsMistake(buildArgs: readonly string[]): string | undefined {
  if (buildArgs.length > 100) return `${buildArgs.length} build arguments; 100 is the limit`;
  const bad = buildArgs.find(
    (argument) => !BUILD_ARG.test(argument) || argument.length > 4096 || /[\0\n\r]/.test(argument),
  );
  return bad === undefined
    ? undefined
    : `${JSON.stringify(bad.slice(0, 80))} is not of the form NAME=value on one line`;
}
