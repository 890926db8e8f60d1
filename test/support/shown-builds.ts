import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiCallError } from '../../client/src/api-call-error.ts';
import type { Client } from '../../client/src/client.ts';
import { type BuildKey, isFinal } from './log-reader.ts';
import type { PrintedLine } from './slipway.ts';

/** What a reader was ever shown of a build. */
export interface ShownBuild {
  key: BuildKey;
  status: string;
  lines: PrintedLine[];
  /** Whether its log was read to the end after the build had ended. */
  isWhole: boolean;
}

const ORDER = ['PENDING', 'BUILDING', 'SUCCESS'];
const LOOK_EVERY_MS = 20;

/** Remembers all that was shown of builds by the vendor's API, and compares it with all that is shown later. */
export class ShownBuilds {
  readonly #builds = new Map<string, ShownBuild>();

  get all(): ShownBuild[] {
    return [...this.#builds.values()];
  }

  add(key: BuildKey): ShownBuild {
    const known = this.#builds.get(key.BuildRecordId);
    if (known !== undefined) return known;
    const build = { key, status: 'PENDING', lines: [], isWhole: false };
    this.#builds.set(key.BuildRecordId, build);
    return build;
  }

  /**
   * Asks for the status, and then for what is new in the log; with `from` 0, for the whole log. Throws if anything that was shown is lost or changed.
   * Returns false if the server could not answer now.
   */
  async look(client: Client, build: ShownBuild, from = Math.max(0, build.lines.length - 1)): Promise<boolean> {
    const { key, lines } = build;
    const what = `build ${key.BuildRecordId}`;
    try {
      const wasFinal = isFinal(build.status);
      const { BuildStatus = '' } = await client.call('GetRepoBuildRecordStatus', key);
      const isBack = wasFinal ? BuildStatus !== build.status : rank(BuildStatus) < rank(build.status);
      assert.ok(!isBack, `${what} was ${build.status} and is ${BuildStatus}`);
      build.status = BuildStatus;
      for (let at = from; ; ) {
        const reply = await client.call('ListRepoBuildRecordLog', { ...key, Offset: at });
        const page = reply.BuildRecordLogs as PrintedLine[];
        const count = Number(reply.TotalCount);
        assert.ok(count >= lines.length, `${what} had ${lines.length} lines and has ${count}`);
        if (build.isWhole) assert.equal(count, lines.length, `${what} got lines after its end`);
        const again = lines.slice(at, at + page.length);
        assert.deepEqual(page.slice(0, again.length), again, `${what} has other lines than before`);
        lines.push(...page.slice(again.length));
        at += page.length;
        if (page.length > 0 && at < count) continue;
        build.isWhole ||= isFinal(BuildStatus);
        return true;
      }
    } catch (error) {
      if (isAway(error)) return false;
      throw error;
    }
  }

  /** Looks until the server is gone or `signal` says so. */
  async follow(client: Client, build: ShownBuild, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look(client, build);
      await sleep(LOOK_EVERY_MS);
    }
  }
}

function rank(status: string): number {
  return Math.min(...[ORDER.indexOf(status)].map((at) => (at < 0 ? ORDER.length - 1 : at)));
}

/** A server that is not there, or says that it cannot answer now. */
export function isAway(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof ApiCallError && error.status === 503);
}
