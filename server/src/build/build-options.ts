/**
 * A build's options, in addition to its source, Dockerfile and build arguments. They are stored with the record as JSON, so each
 * value is plain data. If an option is absent, the Dockerfile decides. A rebuild of the record has the same options.
 */
export interface BuildOptions {
  /** The stage to build; the last one if absent. */
  target?: string;
  /** The image's platforms, in the form of `platform/platform.ts`. Several make an image index. If absent, the server's own. */
  platforms?: string[];
  /** Do not take steps from the cache, but store their results in it. */
  noCache?: boolean;
  /** Ask the registries for base images even if they are present already. */
  pull?: boolean;
  /** Labels of the image, which override the Dockerfile's. */
  labels?: Record<string, string>;
  /** The ids of the secrets sent with the build. Their values are stored separately until it ends (request/given-secrets.ts). */
  secretIds?: readonly string[];
  /** The ids of the SSH keys sent with it. */
  sshIds?: readonly string[];
  /** Names of caches in this registry, used for steps that the repository's own cache lacks. */
  cacheFrom?: readonly string[];
  /** Where to push this build's cache. */
  cacheTo?: CacheTo;
  /** Additional build contexts that instructions use by name. */
  contexts?: readonly BuildContext[];
}

/** A cache to push: only the layers of the image (`min`), or all steps. */
export interface CacheTo {
  Reference: string;
  Mode: 'min' | 'max';
}

/** A build context in addition to the source. COPY, FROM and mounts use it by name, in place of a stage or image of that name. */
export type BuildContext = { name: string } & (
  | { kind: 'archive'; archiveId: string }
  | { kind: 'git'; url: string; ref: string }
  | { kind: 'image'; image: string }
);
