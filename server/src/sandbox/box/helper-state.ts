import type { Owner } from '../folder/owner-folder.ts';
import type { CgroupRoots } from './cgroup.ts';
import type { IdPool } from './id-ranges.ts';

/** Spaces outside a box that a build writes to. */
export interface WatchedSpaces {
  ends: (() => void)[];
  isDiskLow: boolean;
}

/** The state of the helper. Its working folder is DATA/sandbox, which root owns; all paths are relative to it. */
export interface HelperState {
  owner: Owner;
  roots: CgroupRoots;
  /** This data folder's own control groups, `slipway/HASH`. */
  cgroupPrefix: string;
  /** The host ids for boxes. */
  ids: IdPool;
  /** Where builds have spaces outside their boxes, one folder each; owned by root. */
  workPlace: string;
  /** Private IPv4 addresses or networks that builds may reach. */
  allowedEgress: readonly string[];
  /** How much disk the stores of all repositories may take together. */
  cacheBytes: number;
  /** How much disk the loaded base images may take together. */
  baseCacheBytes: number;
  /** Paths of the bases that each build needs until its clean-up. */
  basesHeld: Map<string, Set<string>>;
  /** Repositories whose store is mounted in a box. */
  storesInUse: Set<string>;
  /**
   * The stores among them that a ready build may have at once: a builder has one while it waits for its build, or it is being
   * copied. The function ends that; its promise settles when the store is free.
   */
  storesWaiting: Map<string, () => Promise<void>>;
  /** Builds whose spaces count when the data folder's disk runs low. */
  spacesWatched: Map<string, WatchedSpaces>;
  /** Builds that a request is working on, each with a promise that settles when it is done. */
  buildsInUse: Map<string, Promise<unknown>>;
}
