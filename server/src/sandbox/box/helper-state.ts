import type { Owner } from '../folder/owner-folder.ts';
import type { CgroupRoots } from './cgroup.ts';
import type { IdPool } from './id-ranges.ts';

/** Spaces that a build writes to, outside its box. */
export type WatchedSpaces = { ends: (() => void)[]; isDiskLow: boolean };

/** The state of the helper. Its working folder is DATA/sandbox, which belongs to root; all paths are relative to it. */
export type HelperState = {
  owner: Owner;
  roots: CgroupRoots;
  /** This data folder's own control groups, `slipway/HASH`. */
  cgroupPrefix: string;
  /** The host's ids for boxes. */
  ids: IdPool;
  /** Where builds have spaces outside their boxes, a folder each; root's own. */
  workPlace: string;
  /** Private IPv4 addresses or networks that builds may reach. */
  allowedEgress: readonly string[];
  /** What the stores of all repositories may take of the disk. */
  cacheBytes: number;
  /** What unpacked base images may take of the disk. */
  baseCacheBytes: number;
  /** Paths of the bases that each build needs until its clean-up. */
  basesHeld: Map<string, Set<string>>;
  /** Repositories whose store is mounted in a box. */
  storesInUse: Set<string>;
  /** Builds whose spaces the disk of the data folder is watched for. */
  spacesWatched: Map<string, WatchedSpaces>;
  /** Builds that a request is working on, with a promise that settles when it is done. */
  buildsInUse: Map<string, Promise<unknown>>;
};
