import type { ChildRegistry } from '../distribution/child-registry.ts';
import type { LayerCollector } from '../distribution/image-storage.ts';
import type { PushGate } from './push-gate.ts';
import { type SweepMeans, sweepManifests } from './sweep.ts';

/** The result of a collection. */
export interface Collected {
  startMs: number;
  endMs: number;
  manifests: number;
  layers: number;
  freedBytes: number;
  /** How long pushes waited or were refused. */
  pausedMs: number;
  /** Why it ended early. */
  failure?: string;
}

/** What collecting works with. */
export interface GarbageMeans extends SweepMeans {
  child: ChildRegistry;
  gate: PushGate;
  collector: LayerCollector;
  monotonicMs(): number;
  /** Runs something that removes contents, unless a backup is being made: then undefined. */
  unlessBackup<Result>(remove: () => Promise<Result>): Promise<Result | undefined>;
  report(message: string, error: unknown): void;
}

/** How long to wait for running pushes to end. */
const DRAIN_MS = 10 * 60_000;

/** Removes images and layers that nothing uses, one collection at a time. */
export class Garbage {
  /** How long an image without a tag is kept by default. */
  readonly keepMs: number;
  readonly #means: GarbageMeans;
  #running: { startMs: number; ended: Promise<Collected> } | undefined;
  #last: Collected | undefined;

  constructor(means: GarbageMeans, keepMs: number) {
    this.keepMs = keepMs;
    this.#means = means;
  }

  /** When the running collection began, and the result of the last one of this server. */
  get state(): { runningSinceMs: number | undefined; last: Collected | undefined } {
    return { runningSinceMs: this.#running?.startMs, last: this.#last };
  }

  /**
   * Removes images that nothing needs and nobody used within `keepMs`, then the layers that no image uses. If a
   * collection is running, joins it. Never rejects: a failure is reported, and is in the result.
   */
  collect(keepMs = this.keepMs): Promise<Collected> {
    if (this.#running) return this.#running.ended;
    const startMs = this.#means.now();
    const ended = this.#collect(keepMs, startMs).finally(() => {
      this.#running = undefined;
    });
    this.#running = { startMs, ended };
    return ended;
  }

  /** How much the layers take that no image uses. */
  async unusedBytes(): Promise<number> {
    const unused = await this.#means.collector.find();
    return unused.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);
  }

  async #collect(keepMs: number, startMs: number): Promise<Collected> {
    const { now, report } = this.#means;
    const done: Collected = { startMs, endMs: startMs, manifests: 0, layers: 0, freedBytes: 0, pausedMs: 0 };
    try {
      const removed = await this.#means.unlessBackup(async () => {
        done.manifests = await sweepManifests(this.#means, keepMs);
        await this.#collectLayers(done);
        return true;
      });
      if (removed === undefined) done.failure = 'a backup is being made, so nothing was removed; try again after it';
    } catch (error) {
      report('garbage could not be collected', error);
      done.failure = 'it failed; the server’s log says why';
    }
    this.#last = { ...done, endMs: now() };
    return this.#last;
  }

  /** Pushes are stopped only if there is something to remove. */
  async #collectLayers(done: Collected): Promise<void> {
    const { collector, gate, monotonicMs } = this.#means;
    const expected = await collector.find();
    if (expected.length === 0) return;
    const sizes = new Map(expected.map(({ digest, sizeBytes }) => [digest, sizeBytes]));
    const removed = await gate.alone(DRAIN_MS, async () => {
      const closedMs = monotonicMs();
      const unused = await collector.remove();
      done.pausedMs = Math.round(monotonicMs() - closedMs);
      return unused;
    });
    if (removed === undefined) {
      done.failure = 'pushes did not end, so no layers were removed; the next collection tries again';
      return;
    }
    done.layers = removed.length;
    for (const digest of removed) done.freedBytes += sizes.get(digest) ?? 0;
  }
}
