import type { AllowedAddresses } from '#address/address.ts';
import type { BlobStore } from '#blob/blob.ts';
import type { BaseImage, BuildRecord } from '#build/build.ts';
import type { PullRequestCache } from '#build/layer-store.ts';
import type { GivenSecrets } from '#build/request/given-secrets.ts';
import type { PushingBuild } from '#image/image.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';
import type { Surroundings } from '#sandbox/protocol/surroundings.ts';
import type { CodeHost } from '#source/hosts/code-host.ts';
import type { CodeRepoType } from '#source/source.ts';
import type { BaseImages } from '../bases/base-images.ts';
import type { PushRefusal } from '../bases/build-cache.ts';
import type { FetchedCommit } from '../git/git-fetch.ts';
import type { Reach } from '../git/git-remote.ts';
import type { BuildLog } from '../output/build-log.ts';
import type { StepRecorder } from '../output/step-recorder.ts';
import type { StartProgram } from '../work/program.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { BuildLimits, Workplace } from '../work/workplace.ts';

/** The address of a code host, and its credentials. */
export type SourceHost = Pick<CodeHost, 'baseUrl' | 'login' | 'allowPrivate'>;

/** What the stages of a build need. */
export interface BuildMeans {
  sandbox: Sandbox;
  blobs: BlobStore;
  bases: BaseImages;
  allowed: AllowedAddresses;
  reach: Reach;
  /** Why a build may not start, or undefined if it may: see `beginRefusal`. */
  beginRefusal(record: BuildRecord, repository: string): Promise<string | undefined>;
  /** Whether to fetch the submodules of a source. */
  submodules: boolean;
  /** Whether to push the images of pull requests. */
  pushPullRequests: boolean;
  pullRequestCache: PullRequestCache;
  limits: BuildLimits;
  egress: 'world' | 'none';
  /** What every step sees, but no image keeps. */
  surroundings: Surroundings;
  /** Whether repositories keep their layers for the next build. */
  keepCache: boolean;
  /** How long a build waits for them if another build of its repository has them. */
  cacheWaitMs: number;
  codeHost(instanceId: string, type: CodeRepoType): Promise<SourceHost>;
  /** The values of the requested secrets of a repository, if they are set. */
  buildSecrets(record: BuildRecord, names: readonly string[]): Promise<Record<string, string>>;
  /** The secrets that came with a build. */
  givenSecrets(record: BuildRecord): Promise<GivenSecrets>;
  childEnvironment: (extra: Record<string, string>) => Record<string, string>;
  pushRefusal: PushRefusal;
  /** Pushes the finished image in `folder`, or the cache next to it, and returns its digest. */
  push(build: PushRequest): Promise<{ digest: string }>;
}

/** One finished image to push. */
export interface PushRequest {
  build: PushingBuild;
  repository: string;
  /** Undefined to push only by digest. */
  tag: string | undefined;
  folder: WorkFolder;
  isCache?: true;
  start: StartProgram;
  signal: AbortSignal;
  onOutput: (chunk: Buffer) => void;
  say: (line: string) => Promise<void>;
  /** Called with each credential before it is used. */
  onSecret: (secret: string) => Promise<void>;
}

/** One build as the runner passes it on. */
export interface BuildJob {
  record: BuildRecord;
  /** `namespace/name`. */
  repository: string;
  place: Workplace;
  log: BuildLog;
  steps: StepRecorder;
  signal: AbortSignal;
  onCommit: (commit: FetchedCommit) => Promise<void>;
  onBases: (bases: readonly BaseImage[]) => Promise<void>;
  /**
   * Waits until the build may move its tag, and returns the newer build that has already moved it, if any. Throws
   * unless the caller still has the record.
   */
  takeTagTurn: () => Promise<string | undefined>;
}
