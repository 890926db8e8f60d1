import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { test } from 'node:test';
import { BODY_TIMES, timeBody } from './request-body.ts';

const MEBIBYTE = 2 ** 20;
const BODY_MEBIBYTES = 32;

/** Node's types do not have it. */
type CollectionEntry = PerformanceEntry & { detail: { kind: number } };

test('the memory of a large body is freed by collections of young objects', async (t) => {
  const kinds: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) kinds.push((entry as CollectionEntry).detail.kind);
  });
  t.after(() => observer.disconnect());
  const server = createServer((request, response) => {
    timeBody(request, response, BODY_TIMES);
    request.resume().once('end', () => response.end('whole'));
  });
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  observer.observe({ entryTypes: ['gc'] });
  const answer = await fetch(url, { method: 'POST', body: Buffer.alloc(BODY_MEBIBYTES * MEBIBYTE) });
  assert.equal(await answer.text(), 'whole');
  await new Promise((resolve) => setImmediate(resolve));
  const young = kinds.filter((kind) => kind === constants.NODE_PERFORMANCE_GC_MINOR).length;
  // The last ones may not be reported yet.
  assert.ok(young >= BODY_MEBIBYTES / 16, `${young} collections of young objects among ${kinds}`);
});
