import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { waitForLine } from '../support/log-reader.ts';
import { helperOf, registryOf } from '../support/lost-build.ts';
import { queueBuild } from '../support/queue-build.ts';
import { startServer } from '../support/slipway.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1'
    ? 'set SLIPWAY_TEST_LONG=1 to run it'
    : process.getuid?.() !== 0 && 'only a server started by root has rights to give up';

test('while a build runs, server and registry have no rights of root; only the sandbox helper does', {
  skip,
}, async (t) => {
  const server = await startServer(t);
  const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo started; sleep 600\n' });
  await waitForLine(server.client, key, 'started');
  for (const pid of [server.child.pid ?? 0, registryOf(server)]) {
    const { users, groups, rights } = rightsOf(pid);
    assert.ok(![...users, ...groups].includes('0'), `process ${pid} runs as ${users} with groups ${groups}`);
    assert.deepEqual(rights, ['0000000000000000', '0000000000000000', '0000000000000000'], `process ${pid}`);
  }
  assert.ok(rightsOf(helperOf(server)).users.includes('0'), 'the test sees the rights of root');
});

/** Users and groups of a process, and the capabilities that it has, can acquire, or can pass on. */
function rightsOf(pid: number): { users: string[]; groups: string[]; rights: string[] } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => (new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status)?.[1] ?? '').trim().split(/\s+/);
  return {
    users: field('Uid'),
    groups: [...field('Gid'), ...field('Groups')],
    rights: ['CapEff', 'CapPrm', 'CapInh'].flatMap(field),
  };
}
