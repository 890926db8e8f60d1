import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openSandbox } from './client/sandbox.ts';
import { startHelper } from './client/start-helper.ts';
import {
  childOf,
  hasOwnGroups,
  listLeftovers,
  listSandboxProcesses,
  loadBusybox,
  plainBuild,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
  TEST_OWNER,
  waitForNothingLeft,
  writeContext,
} from './testing/sandbox.ts';
import {
  assertKept,
  firstOf,
  followSleeper,
  type Pids,
  SLEEPER,
  startSleeper,
  waitForHelper,
  waitUntil,
} from './testing/sleeper.ts';

describe('kill -9 leaves nothing of a build behind except the layers that it had made', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  // In the sandbox's groups each part is found by its name; the helper and its keeper are found by their parents.
  const parts: [string, (pids: Pids) => number | undefined, boolean][] = [
    ['the helper', () => childOf(under.helper.child.pid), false],
    ["the builder's daemon", (pids) => pids.find(({ name }) => name === 'dockerd')?.pid, false],
    ["the builder's client", (pids) => pids.find(({ name }) => name === 'docker-buildx')?.pid, true],
    ['containerd', (pids) => pids.find(({ name }) => name === 'containerd')?.pid, true],
    ['boxinit', (pids) => pids.find(({ command }) => /^sh \S*boxinit\.sh/.test(command))?.pid, false],
    ['slirp4netns', (pids) => pids.find(({ name }) => name === 'slirp4netns')?.pid, true],
    ['runc', (pids) => pids.find(({ name }) => name === 'runc')?.pid, true],
    ['unshare', (pids) => pids.find(({ name }) => name === 'unshare')?.pid, true],
    ["the box's first process", (pids) => pids.find(({ command }) => command.includes('/inside-build'))?.pid, true],
    ['crun', (pids) => pids.find(({ name }) => name === 'crun')?.pid, true],
    ['the RUN', (pids) => firstOf(pids, '/bin/sh -c echo started'), true],
  ];
  for (const [name, find, isLong] of parts) {
    test(name, { skip: isLong ? skipLongReason : false }, async () => {
      const repositoryId = `killed-${randomUUID()}`;
      const running = await startSleeper(under, { repositoryId });
      const pid = find(listSandboxProcesses(under.dataFolder));
      if (pid === undefined) {
        // crun exits once the container runs, so the test does not fail if it finds nothing to kill.
        assert.equal(name, 'crun');
        running.cancel();
      } else {
        process.kill(pid, 'SIGKILL');
      }
      await running.end;
      await assertKept(under, repositoryId);
    });
  }
});

describe('the reasons of a killed build', { skip: skipLongReason }, () => {
  test('distinguish the network from the builder', async () => {
    const under = await startSandboxUnderTest();
    try {
      const network = await startSleeper(under);
      process.kill(find(under, 'slirp4netns'), 'SIGKILL');
      assert.equal((await network.end)?.reason, 'network-died');
      const builder = await startSleeper(under);
      process.kill(find(under, 'dockerd'), 'SIGKILL');
      assert.equal((await builder.end)?.reason, 'builder-died');
      const store = await startSleeper(under);
      process.kill(find(under, 'containerd'), 'SIGKILL');
      const { reason, detail } = (await store.end) ?? {};
      assert.deepEqual([reason, detail], ['builder-died', 'its containerd ended']);
    } finally {
      await under.close();
    }
  });
});

for (const [name, find] of [
  ['crun', (pids) => pids.find(({ name }) => name === 'crun')?.pid],
  ['what waits for crun', (pids) => pids.find(({ command }) => command.startsWith('/bin/sh /in/bin/runc'))?.pid],
] satisfies [string, (pids: Pids) => number | undefined][])
  test(`a step that lost its runtime (${name}) ends at once, and is told apart from one that was killed`, {
    skip: skipLongReason,
  }, async () => {
    const under = await startSandboxUnderTest();
    try {
      const running = await startSleeper(under);
      process.kill(find(listSandboxProcesses(under.dataFolder)) ?? assert.fail(`${name} runs`), 'SIGKILL');
      assert.equal((await running.end)?.reason, 'exited');
      assert.deepEqual(running.lost, [2]);
      const killed = await startSleeper(under);
      process.kill(
        firstOf(listSandboxProcesses(under.dataFolder), '/bin/sh -c echo started') ?? assert.fail('it runs'),
        'SIGKILL',
      );
      assert.equal((await killed.end)?.reason, 'exited');
      assert.deepEqual(killed.lost, []);
    } finally {
      await under.close();
    }
  });

describe('the death of processes around the helper', { skip: skipReason }, () => {
  test('a killed server takes its builds, its helper and its work folders with it', async () => {
    const dataFolder = mkdtempSync(join(tmpdir(), 'slipway-sandbox-'));
    mkdirSync(join(dataFolder, 'work'));
    const server = await startServer(dataFolder);
    try {
      const sandbox = openSandbox(join(dataFolder, 'helper.sock'));
      const base = await loadBusybox(sandbox, dataFolder);
      const request = { ...plainBuild(base), egress: 'world' as const };
      writeContext(join(dataFolder, 'work', request.buildId, 'context'), SLEEPER);
      const running = await followSleeper(dataFolder, request);
      const keeper = childOf(server.pid);
      const helper = childOf(keeper);
      server.kill('SIGKILL');
      await running.end;
      await waitUntil(() => !isAlive(helper) && !isAlive(keeper));
      assert.deepEqual(listLeftovers(dataFolder), []);
      assert.equal(hasOwnGroups(dataFolder), false);
      assert.ok(!existsSync(join(dataFolder, 'work', request.buildId)));
    } finally {
      server.kill('SIGKILL');
      rmSync(dataFolder, { recursive: true, force: true });
    }
  });

  test('a killed helper leaves the builds of another server alone', { skip: skipLongReason }, async () => {
    const [first, second] = await Promise.all([startSandboxUnderTest(), startSandboxUnderTest()]);
    try {
      const [dying, living] = [await startSleeper(first), await startSleeper(second)];
      process.kill(childOf(first.helper.child.pid) ?? 0, 'SIGKILL');
      assert.equal(await dying.end, undefined);
      await waitForHelper(first);
      assert.deepEqual(first.leftovers(), []);
      assert.ok(listSandboxProcesses(second.dataFolder).some(({ name }) => name === 'dockerd'));
      living.cancel();
      assert.equal((await living.end)?.reason, 'cancelled');
    } finally {
      await Promise.all([first.close(), second.close()]);
    }
  });

  test('a second helper for the same data folder is refused', { skip: skipLongReason }, async () => {
    const under = await startSandboxUnderTest();
    try {
      const again = startHelper({
        dataFolder: under.dataFolder,
        socketPath: join(under.dataFolder, 'second.sock'),
        ownerUid: TEST_OWNER.uid,
        ownerGid: TEST_OWNER.gid,
      });
      await assert.rejects(again, /exit 4.*another sandbox helper serves/s);
      assert.ok(await under.sandbox.findBase(under.base.scope, under.base.digest));
    } finally {
      await under.close();
    }
  });

  test('a killed keeper is replaced, and its helper serves until the end', {
    skip: skipLongReason,
  }, async () => {
    const under = await startSandboxUnderTest();
    try {
      const running = await startSleeper(under);
      process.kill(under.helper.child.pid ?? 0, 'SIGKILL');
      await running.end;
      assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
      await waitForHelper(under);
      assert.equal((await under.build({ Dockerfile: 'FROM busybox\nRUN echo again\n' })).outcome.phase, 'done');
    } finally {
      await under.close();
    }
    assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
  });
});

function find(under: SandboxUnderTest, name: string): number {
  const found = listSandboxProcesses(under.dataFolder).find((each) => each.name === name);
  assert.ok(found, `${name} runs`);
  return found.pid;
}

async function startServer(dataFolder: string): Promise<ChildProcess> {
  const script = join(import.meta.dirname, 'testing/server.ts');
  const args = [script, dataFolder, `${TEST_OWNER.uid}`, `${TEST_OWNER.gid}`];
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.ok(server.stdout);
  await once(server.stdout, 'data');
  return server;
}

function isAlive(pid: number | undefined): boolean {
  return pid !== undefined && existsSync(`/proc/${pid}`);
}
