import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { killIfThere } from '../../server/src/sandbox/box/cgroup.ts';
import { folderOf } from '../support/queue-build.ts';
import { type RunningCommand, runCommand } from '../support/running-command.ts';
import { summaryValue, temporaryFolder } from '../support/slipway.ts';

const skipLongReason = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'runs in the longer tier';
const LONG = { skip: skipLongReason };

test(
  'two commands that start at once on a new data folder share one server, which stops with the last of them',
  LONG,
  async (t) => {
    const dataFolder = newDataFolder(t);
    const both = ['ListInstance', 'ListUsers'].map((action) => runCommand(t, ['call', action, '--data', dataFolder]));
    for (const command of both) assert.equal(await command.exitCode, 0, command.stderr());
    await untilNoServer(dataFolder);
  },
);

test('when two builds run without a server, the first to end leaves its server to the second', LONG, async (t) => {
  const dataFolder = newDataFolder(t);
  const first = build(t, dataFolder, 10);
  await first.printed('tick 1');
  const second = build(t, dataFolder, 50);
  await second.printed('tick 1');
  const [server] = serversOf(dataFolder);
  assert.deepEqual([await first.exitCode, summaryValue(first.stdout(), 'Status')], [0, 'SUCCESS'], first.stderr());
  assert.deepEqual(serversOf(dataFolder), [server], 'the first command ends, its server stays');
  assert.equal(summaryValue(second.stdout(), 'Status'), undefined, 'the second build still runs');
  assert.equal(await second.exitCode, 0, second.stderr());
  await untilNoServer(dataFolder);
});

test('a killed command ends its build, and leaves its server to another command', LONG, async (t) => {
  const dataFolder = newDataFolder(t);
  const first = build(t, dataFolder, 600);
  await first.printed('tick 1');
  const second = build(t, dataFolder, 10);
  await second.printed('tick 1');
  first.child.kill('SIGKILL');
  assert.equal(await second.exitCode, 0, second.stderr());
  await untilNoServer(dataFolder);
});

test(
  'a build that finds another build’s server stopping waits until it has stopped, and starts its own',
  LONG,
  async (t) => {
    const dataFolder = newDataFolder(t);
    const first = build(t, dataFolder, 30);
    await first.printed('tick 1');
    // The server drains as long as the first build runs.
    for (const server of serversOf(dataFolder)) process.kill(server, 'SIGTERM');
    const second = build(t, dataFolder, 1);
    assert.equal(await first.exitCode, 0, first.stderr());
    assert.deepEqual([await second.exitCode, summaryValue(second.stdout(), 'Status')], [0, 'SUCCESS'], second.stderr());
    await untilNoServer(dataFolder);
  },
);

test('commands whose server was killed start it again, and report how their builds ended', LONG, async (t) => {
  const dataFolder = newDataFolder(t);
  const builds = [build(t, dataFolder, 600)];
  await builds[0]?.printed('tick 1');
  builds.push(build(t, dataFolder, 600));
  await builds[1]?.printed('tick 1');
  for (const server of serversOf(dataFolder)) killIfThere(server);
  for (const ended of builds) {
    assert.equal(await ended.exitCode, 4, ended.stderr());
    assert.equal(summaryValue(ended.stdout(), 'Status'), 'FAILED');
  }
  await untilNoServer(dataFolder);
});

function newDataFolder(t: TestContext): string {
  return join(temporaryFolder(t), 'data');
}

/** A build that says `tick` a number of times, ten times a second. */
function build(t: TestContext, dataFolder: string, ticks: number): RunningCommand {
  const ticking = `i=0; while [ $i -lt ${ticks} ]; do i=$((i+1)); echo "tick $i"; sleep 0.1; done`;
  const source = folderOf(t, { Dockerfile: `FROM busybox\nRUN ${ticking}\n` });
  return runCommand(t, ['build', source, '--tag', `local/ticks-${ticks}`, '--data', dataFolder]);
}

/** The processes that serve a data folder; at most one of them holds it. */
function serversOf(dataFolder: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const words = /^\d+$/.test(name) ? commandLine(name) : [];
    return words[1] === '--disable-sigusr1' && words.includes(dataFolder) ? [Number(name)] : [];
  });
}

function commandLine(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    // The process has ended.
    return [];
  }
}

async function untilNoServer(dataFolder: string): Promise<void> {
  for (let left = 1800; serversOf(dataFolder).length > 0; left--) {
    assert.ok(left > 0, 'the server outlived its commands by three minutes');
    await sleep(100);
  }
}
