/* What the helper answers, in the words that both sides know. */

/** How a build ended, in the words of the log's last lines. */
export type BuildOutcome = {
  /** The builder's own status; null when it did not live to give one. */
  exitCode: number | null;
  /** The part that was under way at the end; `done` only when the result is in place. */
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
  /** The repository's own store was used; false also when another build held it. */
  cacheUsed: boolean;
  /** What the build tried to reach and may not, at most some dozens. */
  refused: RefusedConnection[];
};

/** A connection that a build's packet filter refused, whatever the build made of that. */
export type RefusedConnection = {
  address: string;
  protocol: 'tcp' | 'udp';
  port: number;
  /** Whose address it is: one of this machine's own, or one of a private or reserved range. */
  of: 'host' | 'private';
};

/** What is known of an image by its configuration. */
export type ImageFacts = {
  /** The instructions that it adds to a Dockerfile that starts from it. */
  onBuild: string[];
  /** What it says that it is for; absent where it does not say. */
  platform?: string;
};

/** What is known of a base that is loaded; it does not change. */
export type BaseFacts = ImageFacts & {
  /** What its image takes of the disk. */
  sizeBytes: number;
};

/** What is told of a store that is kept. */
export type StoreFacts = { id: string; sizeBytes: number; usedMs: number; isInUse: boolean };

/** How often the kernel enforced a limit in the box's group. */
export type LimitCounters = { oomKills: number; pidsMaxEvents: number };

/** How often the kernel enforced a limit of the group, and whether its programs were ended since the disk is nearly full. */
export type WorkCounters = LimitCounters & { isDiskLow: boolean };

/** Something the machine lacks, and what to do about it. */
export type MachineProblem = { what: string; fix: string };

/** The platforms whose steps run on a machine, and what the others lack. */
export type MachinePlatforms = { native: string[]; emulated: string[]; refusal?: string };
