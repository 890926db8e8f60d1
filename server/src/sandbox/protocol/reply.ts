/* The helper's replies; both sides share these types. */

/** How a build ended, for the last lines of the log. */
export interface BuildOutcome {
  /** The builder's exit status; null if it died without one. */
  exitCode: number | null;
  /** The phase at the end; `done` only if the result is in place. */
  phase: 'setup' | 'build' | 'export' | 'done';
  reason:
    | 'exited'
    | 'timeout'
    | 'cancelled'
    | 'out-of-memory'
    | 'pids-limit'
    | 'builder-died'
    | 'network-died'
    | 'disk-full';
  detail?: string;
  oomKills: number;
  pidsMaxEvents: number;
  /** The repository's own store was used; also false if another build held it. */
  cacheUsed: boolean;
  /** Connections that the build tried but may not make, at most a few dozen. */
  refused: RefusedConnection[];
}

/** A connection that a build's packet filter refused, whether or not the build failed because of it. */
export interface RefusedConnection {
  address: string;
  protocol: 'tcp' | 'udp';
  port: number;
  /** Whose address it is: one of this machine's own, or one of a private or reserved range. */
  of: 'host' | 'private';
}

/** What an image's configuration says. */
export interface ImageFacts {
  /** The instructions that it adds to a Dockerfile that starts from it. */
  onBuild: string[];
  /** The platform that it is for; absent if it names none. */
  platform?: string;
}

/** The facts about a loaded base; they do not change. */
export type BaseFacts = ImageFacts & {
  /** How much disk its image takes. */
  sizeBytes: number;
};

/** The facts about a stored layer cache. */
export interface StoreFacts {
  id: string;
  sizeBytes: number;
  usedMs: number;
  isInUse: boolean;
}

/** The loaded base images, compressed. */
export interface BasesFacts {
  sizeBytes: number;
  /** Of those that no build holds. */
  idleBytes: number;
}

/** How often the kernel enforced a limit in the box's group. */
export interface LimitCounters {
  oomKills: number;
  pidsMaxEvents: number;
}

/**
 * How often the kernel enforced a limit of the group, and whether its programs were ended because the disk is nearly
 * full.
 */
export type WorkCounters = LimitCounters & { isDiskLow: boolean };

/** Something the machine lacks, and the fix. */
export interface MachineProblem {
  what: string;
  fix: string;
}

/** The platforms whose steps run on a machine, and what is missing for the others. */
export interface MachinePlatforms {
  native: string[];
  emulated: string[];
  refusal?: string;
}
