import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BuildRecord } from '#build/build.ts';
import { BuildFailed, cancelled, serverStopped } from '../failure/build-failed.ts';
import { LeaseLost } from '../lease.ts';
import type { BuildJob, BuildMeans } from './build-job.ts';
import { pushCache } from './push-cache.ts';

/** Pushes a cache; `end` ends the push, or aborts the build during it. Returns the lines that the log gets. */
async function linesOf(end: (abort: AbortController) => Error): Promise<string[]> {
  const lines: string[] = [];
  const abort = new AbortController();
  const record: Partial<BuildRecord> = { buildRecordId: 'b-1', leaseEpoch: 1 };
  const log = { line: async (text: string) => void lines.push(text) };
  const place = { folder: {}, start: undefined, limited: <T>(_: string, act: () => Promise<T>) => act() };
  const push: BuildMeans['push'] = async () => {
    throw end(abort);
  };
  const job = { record, log, place, signal: abort.signal } as unknown as BuildJob;
  const cache = { repository: 'local/cache', tag: 'x', mode: 'max' as const };
  const told = { onSecret: async () => undefined, onOutput: () => undefined, say: async () => undefined };
  await pushCache({ push } as Partial<BuildMeans> as BuildMeans, job, cache, told);
  return lines;
}

const abortedBy = (reason: Error) => (abort: AbortController) => {
  abort.abort(reason);
  return new Error('the program was killed');
};

test('a build whose image is pushed succeeds, even if its cache is refused, it is cancelled, or the server stops', async () => {
  for (const [end, why] of [
    [() => new BuildFailed('push-refused', 'no space'), 'no space'],
    [abortedBy(cancelled()), 'the build was cancelled'],
    [abortedBy(serverStopped()), serverStopped().message],
  ] as const)
    assert.deepEqual(await linesOf(end), [`the cache was not pushed: ${why}`]);
});

test('a build that lost its record while it pushed its cache writes nothing more', async () => {
  await assert.rejects(linesOf(abortedBy(new LeaseLost('b-1'))));
});
