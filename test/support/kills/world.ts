import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Chance, chanceOf } from '../chance.ts';
import { isFinal } from '../log-reader.ts';
import { type PausingServer, startPausing } from '../pausing-server.ts';
import { type Stores, startStores } from '../peers/start-stores.ts';
import { queueBuild } from '../queue-build.ts';
import { isAway, type ShownBuild, ShownBuilds } from '../shown-builds.ts';
import { atEnd, type Scope, temporaryFolder } from '../slipway.ts';
import type { Victim } from './moments.ts';

/** The repository of all builds. */
export const REPOSITORY = 'local/kills';
const LOOK_EVERY_MS = 100;

/** A server, PostgreSQL and a store, of which each can be killed, and a reader who looks all the time. */
export class World {
  readonly stores: Stores;
  readonly shown = new ShownBuilds();
  /** Rejects when the reader was shown what must not be. */
  readonly failure: Promise<never>;
  readonly #start: () => Promise<PausingServer>;
  readonly #chance: Chance;
  readonly #following: Promise<void>;
  readonly #why = new Map<ShownBuild, string>();
  #server: PausingServer;
  /** Resolves when all parts are there. */
  #whole = Promise.resolve();
  readonly #over = new AbortController();

  constructor(stores: Stores, server: PausingServer, start: () => Promise<PausingServer>, chance: Chance) {
    this.stores = stores;
    this.#server = server;
    this.#start = start;
    this.#chance = chance;
    this.#following = this.#follow();
    this.failure = new Promise((_, reject) => this.#following.catch(reject));
    this.failure.catch(() => undefined);
  }

  get server(): PausingServer {
    return this.#server;
  }

  /** Asks the database, on a connection of its own. */
  async query<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = await this.stores.postgres.connect('slipway', 'test');
    try {
      return (await client.query(text, [...values])).rows as Row[];
    } finally {
      await client.end();
    }
  }

  /** Queues a build, and again if the answer was lost with the server and the build was not queued. */
  async queue(scope: Scope, tag: string, Dockerfile: string): Promise<ShownBuild> {
    for (;;) {
      try {
        return this.shown.add(await queueBuild(scope, this.#server, { Dockerfile }, `${REPOSITORY}:${tag}`));
      } catch (error) {
        // Helpers that only tests use say so in their message.
        if (!isAway(error) && !(error instanceof Error && error.message.startsWith('503 '))) throw error;
      }
      await this.#whole;
      const [found] = await this.#find(tag);
      if (found) return this.shown.add(found);
      await this.pause(LOOK_EVERY_MS);
    }
  }

  /** Kills one of them while the server is stopped, and starts it again. */
  kill(victim: Victim, resumesFirst: boolean): Promise<void> {
    this.#whole = this.#kill(victim, resumesFirst);
    return this.#whole;
  }

  async #kill(victim: Victim, resumesFirst: boolean): Promise<void> {
    if (victim === 'server') {
      await this.#server.kill();
      this.#server = await this.#start();
      return;
    }
    const part = victim === 'database' ? this.stores.postgres : this.stores.swift;
    await part.crash();
    if (resumesFirst) this.#server.resume();
    await part.start();
    this.#server.resume();
  }

  /** Waits. Rejects once the world is closed, so that nothing waits for what comes no more. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#over.signal });
  }

  /** Says that a build has to succeed, because only this was killed, which the server waits for. */
  mustSucceed(build: ShownBuild, why: string): void {
    this.#why.set(build, why);
  }

  /** Ends the server and starts it again. */
  async restart(): Promise<void> {
    await this.#server.stop();
    this.#server = await this.#start();
  }

  async close(): Promise<void> {
    this.#over.abort();
    await this.#following;
  }

  /** Looks at what runs, and at one of the others by chance: as long as it all lasts. */
  async #follow(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const { all } = this.shown;
      for (const build of all.filter(({ status }) => !isFinal(status))) {
        await this.shown.look(this.#server.client, build);
        const why = this.#why.get(build);
        if (build.status === 'FAILED' && why !== undefined)
          throw new Error(
            `a build failed although only the ${why} was killed: ${JSON.stringify(build.lines.slice(-3))}`,
          );
      }
      if (all.length > 0) await this.shown.look(this.#server.client, this.#chance.pick(all), 0);
      await this.pause(LOOK_EVERY_MS).catch(() => undefined);
    }
  }

  #find(tag: string) {
    return this.query<{ InstanceId: string; RepoId: string; BuildRecordId: string }>(
      'select instance_id "InstanceId", repo_id "RepoId", build_record_id "BuildRecordId" from build_record where image_tag = $1',
      [tag],
    );
  }
}

/** Starts all of it until the scope ends. */
export async function startWorld(scope: Scope, seed: number): Promise<World> {
  const stores = await startStores(scope);
  const dataFolder = join(temporaryFolder(scope), 'data');
  const start = () => startPausing(scope, { flags: stores.flags, dataFolder });
  const world = new World(stores, await start(), start, chanceOf(seed));
  atEnd(scope, () => world.close().catch(() => undefined));
  return world;
}
