import type { BuildRecord } from '#build/build.ts';
import type { BaseSourceSettings } from '#registry/foreign/base-source.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';
import type { NamedImage } from '../dockerfile/dockerfile-plan.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { Workplace } from '../work/workplace.ts';
import type { ForeignBases } from './foreign-bases.ts';

/** A base image that is ready for the sandbox. */
export interface ReadyBase {
  /** The name in the Dockerfile, with arguments expanded. */
  image: string;
  platform: string;
  /** A FROM names it. */
  isBase: boolean;
  /** The instructions that it adds to the Dockerfile as a base, as the builder reads them. */
  onBuild: readonly string[];
  sizeBytes: number;
  /** The full name, with registry and tag. */
  name: string;
  /** With the digest, identifies the store that contains it. */
  scope: string;
  digest: string;
  /** The repository of our own registry that it was pulled from, if any. */
  ownRepository: string | undefined;
}

/** What fetching base images needs. */
export interface BaseImages {
  sandbox: Sandbox;
  sources: BaseSourceSettings;
  foreign: ForeignBases;
  /** The images that may read a Dockerfile which asks for one of them. */
  frontends: readonly string[];
  /** Whether our own registry has a repository `namespace/name`. */
  hasRepository(record: BuildRecord, repository: string): Promise<boolean>;
  /**
   * The only way into our own registry: an authfile that lets skopeo pull `namespace/name` for a build, if the build's
   * requesters may pull it. The password is passed to the masker first. Throws `PullRefused`.
   */
  pullCredential(
    record: BuildRecord,
    repository: string,
    folder: WorkFolder,
    onSecret: (secret: string) => Promise<void>,
  ): Promise<string>;
}

/** What fetching base images needs from a build. */
export interface BaseBuild {
  record: BuildRecord;
  images: readonly NamedImage[];
  /** `namespace/name` of the image being built. */
  repository: string;
  /** The limit for all its base images together, compressed. */
  maxBytes: number;
  place: Workplace;
  signal: AbortSignal;
  say: (line: string) => Promise<void>;
  onSecret: (secret: string) => Promise<void>;
}
