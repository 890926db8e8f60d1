import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import {
  hostAddress,
  listSandboxProcesses,
  readOutput,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
} from '../testing/sandbox.ts';

const noAddress = hostAddress === undefined ? 'this machine has no IPv4 address but loopback' : false;

test('puts the network of a build in its control groups, beside the box', { skip: skipReason }, async () => {
  const under = await startSandboxUnderTest();
  try {
    const cancellation = new AbortController();
    const request = under.prepare({ Dockerfile: 'FROM busybox\nRUN echo started; sleep 600\n' }, { egress: 'world' });
    let groups = '';
    await under.sandbox.runBuild(request, {
      ...readOutput((text) => {
        if (text !== 'started\n') return;
        const slirp = listSandboxProcesses(under.dataFolder).find(({ name }) => name === 'slirp4netns');
        groups = readFileSync(`/proc/${slirp?.pid}/cgroup`, 'utf8');
        cancellation.abort();
      }),
      signal: cancellation.signal,
    });
    const own = groups.split('\n').filter((line) => line.endsWith(`/${request.buildId}/limit/beside`));
    assert.ok(own.length > 0 && !groups.includes(`${request.buildId}/outer`), groups);
  } finally {
    await under.close();
  }
});

test('charges a build with the memory that the network keeps for it', {
  skip: skipLongReason || noAddress,
}, async () => {
  const under = await startSandboxUnderTest({ allowedEgress: [hostAddress ?? ''] });
  // Accepts connections and never reads from them, so that everything sent stays on the sender's side.
  const server = createServer((socket) => socket.pause().on('error', () => socket.destroy()));
  try {
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const many = `i=0; while [ $i -lt 400 ]; do nc ${hostAddress} ${port} </dev/zero & i=$((i+1)); done; sleep 600`;
    const limits = { memoryBytes: 208 * 2 ** 20, cpus: 2, pids: 1000, diskBytes: 256 * 2 ** 20, timeoutMs: 120_000 };
    const { outcome, output } = await under.build(
      { Dockerfile: `FROM busybox\nRUN ${many}\n` },
      { egress: 'world', limits },
    );
    assert.equal(outcome.reason, 'out-of-memory', output);
    assert.deepEqual(under.leftovers(), []);
  } finally {
    server.close();
    await under.close();
  }
});
