import { IDS_INSIDE, type Ids, idsEach } from '../protocol/ids.ts';
import { RefusedRequest } from '../protocol/request.ts';

/** One line of a user namespace's map, as in the OCI runtime's configuration. */
export interface IdMapping {
  containerID: number;
  hostID: number;
  size: number;
}

/**
 * The owner of a box's root on disks, which boxes share one after another; other ids follow it. The kernel shifts them
 * to the box's own range when a disk is mounted, so a store or base can be read by whichever range comes next.
 */
export const DISK_OWNER = 1_073_741_824;

/** The host ids of a box whose range begins with `first`. */
export function boxMappings(first: number): IdMapping[] {
  let hostId = first;
  return IDS_INSIDE.map(({ first: containerID, count: size }) => {
    const hostID = hostId;
    hostId += size;
    return { containerID, hostID, size };
  });
}

/** The ids on a disk as host ids, for the range that begins with `first`. */
export function diskMappings(first: number): IdMapping[] {
  return boxMappings(first).map((each) => ({ ...each, containerID: DISK_OWNER + each.containerID }));
}

/** Writes a map in the format of /proc/PID/uid_map. */
export function formatMap(mappings: readonly IdMapping[]): string {
  return mappings.map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`).join('');
}

/**
 * Ranges of ids, one for each running box. The kernel counts pipes, descriptors in transit, watches, signals and
 * message queues by user, so boxes that shared a range would take them from each other. A new helper begins with all
 * ranges free: its predecessor's boxes are dead by then.
 */
export class IdPool {
  readonly #ids: Ids;
  readonly #taken = new Set<number>();
  #next: number;

  /** `seed` chooses the first range, so that two servers on one machine do not begin with the same one. */
  constructor(ids: Ids, seed: number) {
    this.#ids = ids;
    if (this.#count < 1) throw new Error(`${ids.first}-${ids.last} are fewer than the ${idsEach} ids of one box`);
    this.#next = seed % this.#count;
  }

  /**
   * Takes a range that no other box has and returns its first id. Throws RefusedRequest (`no-ids`) if all are taken.
   */
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
