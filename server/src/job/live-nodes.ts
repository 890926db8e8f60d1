import type { Database } from '#db/database.ts';
import { countNodes, removeNode, removeOldNodes, type ServerNode, seeNode } from './live-node-store.ts';

/** What a server needs to be counted among those with its database. */
export interface LiveNodesMeans {
  db: Database;
  node: ServerNode;
  report: (message: string, error: unknown) => void;
}

const BEAT_EVERY_MS = 10_000;
/** A server that was not there for so long is taken for dead. */
const LIVE_MS = 6 * BEAT_EVERY_MS;
const KEEP_MS = 86_400_000;

/** How many servers use one database now. Each says again and again that it is there, by the database's clock. */
export class LiveNodes {
  readonly #means: LiveNodesMeans;
  #count = 1;
  #isAway = false;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;

  constructor(means: LiveNodesMeans) {
    this.#means = means;
  }

  /** Begins to count, until `close`. */
  async start(): Promise<void> {
    await removeOldNodes(this.#means.db, KEEP_MS);
    await this.#beat();
    this.#timer = setInterval(() => {
      this.#beating ??= this.#beat().finally(() => {
        this.#beating = undefined;
      });
    }, BEAT_EVERY_MS);
  }

  /** At least 1: this one. While the database is away, what it was before. */
  count = (): number => this.#count;

  /** The others count this one no more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    await removeNode(this.#means.db, this.#means.node.nodeId);
  }

  async #beat(): Promise<void> {
    const { db, node, report } = this.#means;
    try {
      await seeNode(db, node);
      this.#count = Math.max(1, await countNodes(db, LIVE_MS));
      this.#isAway = false;
    } catch (error) {
      if (!this.#isAway) report('the server could not say that it is there', error);
      this.#isAway = true;
    }
  }
}
