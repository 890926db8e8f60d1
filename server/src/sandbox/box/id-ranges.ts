import { type Ids, idsEach, idsInside } from '../protocol/ids.ts';
import { RefusedRequest } from '../protocol/request.ts';

/** One line of a user namespace's map, as in the OCI runtime's configuration. */
export type IdMapping = { containerID: number; hostID: number; size: number };

/**
 * The owner of a box's root on the disks that boxes share one after another; other ids follow it. The kernel shifts them to
 * the box's own range where a disk is mounted, so a store or base is read by whichever range comes next.
 */
export const diskOwner = 1_073_741_824;

/** What the ids of a box are on the host, for the range that begins with `first`. */
export function boxMappings(first: number): IdMapping[] {
  let hostId = first;
  return idsInside.map(({ first: containerID, count: size }) => {
    const hostID = hostId;
    hostId += size;
    return { containerID, hostID, size };
  });
}

/** What the ids on a disk are on the host, for the range that begins with `first`. */
export function diskMappings(first: number): IdMapping[] {
  return boxMappings(first).map((each) => ({ ...each, containerID: diskOwner + each.containerID }));
}

/** A map in the format of /proc/PID/uid_map. */
export function formatMap(mappings: readonly IdMapping[]): string {
  return mappings.map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`).join('');
}

/**
 * Ranges of ids, one for each box that runs. The kernel counts pipes, descriptors on their way, watches, signals and message
 * queues by user: boxes of one range would take them from each other. A helper begins with all of them: its predecessor's
 * boxes are dead by then.
 */
export class IdPool {
  readonly #ids: Ids;
  readonly #taken = new Set<number>();
  #next: number;

  /** `seed` says where to begin, so that two servers on one machine do not begin with the same range. */
  constructor(ids: Ids, seed: number) {
    this.#ids = ids;
    if (this.#count < 1) throw new Error(`${ids.first}-${ids.last} are less than the ${idsEach} ids of one box`);
    this.#next = seed % this.#count;
  }

  /** The first id of a range that no other box has. Throws RefusedRequest (`no-ids`) if all are taken. */
  take(): number {
    for (let tried = 0; tried < this.#count; tried += 1) {
      const at = this.#next;
      this.#next = (at + 1) % this.#count;
      if (this.#taken.has(at)) continue;
      this.#taken.add(at);
      return this.#ids.first + at * idsEach;
    }
    const { first, last } = this.#ids;
    throw new RefusedRequest(
      'no-ids',
      `all ${this.#count} ranges of user ids in ${first}-${last} are in use (setting build-ids)`,
    );
  }

  release(first: number): void {
    this.#taken.delete((first - this.#ids.first) / idsEach);
  }

  get #count(): number {
    return Math.floor((this.#ids.last - this.#ids.first + 1) / idsEach);
  }
}
