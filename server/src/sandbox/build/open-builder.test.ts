import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Builder } from '../client/sandbox.ts';
import type { BuildRequest } from '../protocol/request.ts';
import {
  childOf,
  listSandboxProcesses,
  plainBuild,
  readOutput,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
} from '../testing/sandbox.ts';
import { waitForHelper, waitUntil } from '../testing/sleeper.ts';

const FILES = {
  Dockerfile: 'FROM busybox\nCOPY f /f\nRUN --mount=type=secret,id=s cat /f /run/secrets/s || true\n',
  f: "a file, and 'quotes'\n",
};

describe('a builder that starts while its source is being fetched', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  const repositoryId = 'fetched';
  before(async () => {
    under = await startSandboxUnderTest();
    await under.build(FILES, { repositoryId });
  });
  after(() => under.close());

  function open(of = repositoryId): { buildId: string; builder: Builder } {
    const buildId = randomUUID();
    const { limits } = plainBuild(under.base);
    return { buildId, builder: under.sandbox.openBuilder({ buildId, repositoryId: of, limits, egress: 'world' }) };
  }
  async function run(
    { buildId, builder }: ReturnType<typeof open>,
    changes: Partial<BuildRequest> = {},
    files: Record<string, string> = FILES,
  ) {
    let output = '';
    let daemon: number | undefined;
    const reader = readOutput((text) => {
      output += text;
      daemon ??= daemons()[0]?.pid;
    });
    const request = under.prepare(files, { buildId, repositoryId, ...changes });
    const outcome = await builder.runBuild(request, { ...reader, signal: new AbortController().signal });
    await under.sandbox.cleanUp(buildId);
    return { ...outcome, output, daemon };
  }
  const daemons = () => listSandboxProcesses(under.dataFolder).filter(({ name }) => name === 'dockerd');
  const started = () => waitUntil(() => daemons().length === 1);

  /** The programs that hold descriptor 4 of boxinit.sh. */
  function holdersOfSecrets(): string[] {
    const opened = listSandboxProcesses(under.dataFolder).map(({ pid, name, command }) => {
      return { name, command, descriptors: descriptorsOf(pid) };
    });
    const shells = opened.filter(({ command }) => /^sh \S*boxinit\.sh/.test(command));
    const pipe = shells.map(({ descriptors }) => descriptors.get('4')).find((link) => link !== undefined);
    assert.ok(pipe, 'boxinit.sh waits for the contents');
    const holders = opened.filter(({ descriptors }) => [...descriptors.values()].includes(pipe));
    return [...new Set(holders.map(({ name }) => name))].sort();
  }

  test('builds with it, its files, secrets and layers', async () => {
    const opened = open();
    await started();
    assert.deepEqual(holdersOfSecrets(), ['sh', 'unshare'], 'nothing of the box or its network has the pipe');
    const secrets = { s: 'of the build\n' };
    const { phase, output, cacheUsed } = await run(opened, { secrets, buildArgs: { A: "it's" }, noCache: true });
    assert.deepEqual([phase, cacheUsed], ['done', true], output);
    assert.match(output, /^a file, and 'quotes'\nof the build$/m);
    assert.match((await run(open())).output, /^CACHED STEP \d\/\d: COPY/m);
    assert.deepEqual(under.leftovers(), []);
  });

  test('builds also what is the first build of its repository, which keeps the layers', async () => {
    const store = 'never-fetched-0123456789abcdef';
    const opened = open('never-fetched');
    await started();
    const [waiting] = daemons();
    const { phase, output, cacheUsed, daemon } = await run(opened, { repositoryId: store });
    assert.deepEqual([phase, cacheUsed, daemon], ['done', true, waiting?.pid], output);
    assert.match((await run(open('never-fetched'), { repositoryId: store })).output, /^CACHED STEP \d\/\d: COPY/m);
    assert.deepEqual(under.leftovers(), []);
  });

  test('is left for another one if the build needs another store, or emulators', { skip: skipLongReason }, async () => {
    const opened = open();
    await started();
    const { phase, output } = await run(opened, { repositoryId: 'fetched-0123456789abcdef' });
    assert.equal(phase, 'done', output);
    assert.doesNotMatch(output, /^CACHED /m);
    // Of several stores of a repository, the one that was used last is guessed.
    const other = open();
    await started();
    assert.match((await run(other, { repositoryId: 'fetched-0123456789abcdef' })).output, /^CACHED /m);
    assert.deepEqual(under.leftovers(), []);
  });

  test('gives its store up to a build that is ready earlier, and still builds', {
    skip: skipLongReason,
  }, async () => {
    const slow = open('fetched');
    await waitUntil(() => daemons().length === 1);
    const [held] = await under.sandbox.listStores().then((stores) => stores.filter(({ isInUse }) => isInUse));
    const ready = await under.build(FILES, { repositoryId: held?.id ?? '' });
    assert.deepEqual([ready.outcome.phase, ready.outcome.cacheUsed], ['done', true], ready.output);
    const { phase, cacheUsed, output } = await run(slow, { repositoryId: held?.id ?? '' });
    assert.deepEqual([phase, cacheUsed], ['done', true], output);
  });

  test('leaves nothing if its build never comes, and is started again if it dies, or its helper does', {
    skip: skipLongReason,
  }, async () => {
    const unused = open();
    await started();
    await unused.builder.close();
    await under.sandbox.cleanUp(unused.buildId);
    assert.deepEqual(under.leftovers(), []);

    for (const victim of ['boxinit', 'helper']) {
      const opened = open();
      await started();
      const boxinit = listSandboxProcesses(under.dataFolder).find(({ command }) => /^sh \S*boxinit\.sh/.test(command));
      const pid = victim === 'helper' ? childOf(under.helper.child.pid) : boxinit?.pid;
      process.kill(pid ?? assert.fail(`there is no ${victim}`), 'SIGKILL');
      await waitUntil(() => daemons().length === 0);
      await waitForHelper(under);
      const { phase, output } = await run(opened);
      assert.equal(phase, 'done', `${victim}: ${output}`);
    }
    assert.deepEqual(under.leftovers(), []);
  });

  test('is started again if it dies while the files of its build are made ready', async () => {
    const opened = open();
    await started();
    const boxinit = listSandboxProcesses(under.dataFolder).find(({ command }) => /^sh \S*boxinit\.sh/.test(command));
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`d/${at}`, `${at}`]));
    const running = run(opened, {}, { ...FILES, ...many });
    await waitUntil(() => existsSync(join(under.dataFolder, 'sandbox', 'run', opened.buildId, 'in', 'context', 'd')));
    process.kill(boxinit?.pid ?? assert.fail('there is no box'), 'SIGKILL');
    const { phase, output } = await running;
    assert.equal(phase, 'done', output);
    assert.deepEqual(under.leftovers(), []);
  });
});

/** What each descriptor of a process refers to. A process may end, or close one, while they are read. */
function descriptorsOf(pid: number): Map<string, string> {
  const folder = `/proc/${pid}/fd`;
  const links = (ifThere(() => readdirSync(folder)) ?? []).map((fd) => {
    return [fd, ifThere(() => readlinkSync(`${folder}/${fd}`)) ?? 'closed'] as const;
  });
  return new Map(links);
}

function ifThere<Found>(read: () => Found): Found | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
