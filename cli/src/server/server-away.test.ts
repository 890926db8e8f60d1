import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import type { Server } from './find-server.ts';
import { untilServed } from './server-away.ts';

const refusal = (status: number) => new ApiCallError({ status, code: 'Code', message: 'why', requestId: 'R' });

function serverThatRefreshes(): { server: Server; refreshes: () => number } {
  let refreshes = 0;
  const refresh = async () => {
    refreshes += 1;
  };
  return { server: { refresh } as Server, refreshes: () => refreshes };
}

test('a call is repeated at the server’s successor while the server is away or stopping', async () => {
  const { server, refreshes } = serverThatRefreshes();
  const failures = [new TypeError('fetch failed'), refusal(503)];
  const result = await untilServed(server, async () => {
    const failure = failures.shift();
    if (failure) throw failure;
    return 'served';
  });
  assert.deepEqual([result, refreshes()], ['served', 2]);
});

test('a call that the server refuses, or that has a bug, is not repeated', async () => {
  const { server, refreshes } = serverThatRefreshes();
  for (const failure of [refusal(403), new TypeError('x is not a function')])
    await assert.rejects(
      untilServed(server, () => Promise.reject(failure)),
      failure,
    );
  assert.equal(refreshes(), 0);
});
