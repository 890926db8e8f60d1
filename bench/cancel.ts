/*
 * From CancelRepoBuildRecord to the status CANCELED, and to the sealed log, in every state of a build: real builds, one
 * after the other. The slowest of the rounds must be within 2 s. Needs root, and 4 GB of disk. `node bench/cancel.ts
 * [ROUNDS [STATE]]`
 */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxProcesses } from '../test/support/leftovers.ts';
import { type BuildKey, isFinal, waitForLine, waitForSeal, waitForStatus } from '../test/support/log-reader.ts';
import { registryOf } from '../test/support/lost-build.ts';
import { startGitHost } from '../test/support/peers/git-host.ts';
import { startSilentHost } from '../test/support/peers/silent-host.ts';
import { queueBuild, queueGitBuild } from '../test/support/queue-build.ts';
import { startServer, type TestServer } from '../test/support/slipway.ts';
import { Figures, median, shown } from './support/figures.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const LIMIT_MS = 2000;
const POLL_MS = 10;
const randomFile = (mebibytes: number) => `RUN dd if=/dev/urandom of=/random bs=1M count=${mebibytes}`;

/** Brings a build into a state; `release` ends what the state needed. */
interface State {
  name: string;
  reach(): Promise<{ key: BuildKey; release?: () => unknown }>;
}

// Run as a test, so that the test runner cleans up the servers.
test(`a build is cancelled within ${LIMIT_MS / 1000} s in every state`, async (t) => {
  const silent = await startSilentHost(t);
  const flags = ['--concurrent-builds', '1', '--docker-io-mirror', silent, '--allow-addresses', '127.0.0.0/8'];
  const server = await startServer(t, { flags });
  const figures = new Figures('Cancelling, ms: the slowest round');
  for (const { name, reach } of await statesOf(t, server, silent)) {
    if (process.argv[3] !== undefined && !name.includes(process.argv[3])) continue;
    const rounds: { finalMs: number; sealedMs: number; status: string }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { key, release } = await reach();
      rounds.push(await cancel(server, key));
      await release?.();
    }
    const finals = rounds.map(({ finalMs }) => finalMs);
    const sealed = rounds.map(({ sealedMs }) => sealedMs);
    const ended = [...new Set(rounds.map(({ status }) => status))].join(' or ');
    const detail = `${ended}; median ${shown(median(finals))}, sealed after ${shown(Math.max(...sealed))} at most`;
    figures.atMost(name, Math.max(...finals), LIMIT_MS, detail);
  }
  figures.print();
});

async function cancel(server: TestServer, key: BuildKey) {
  const start = performance.now();
  await server.client.call('CancelRepoBuildRecord', key);
  for (;;) {
    const { BuildStatus = '' } = await server.client.call('GetRepoBuildRecordStatus', key);
    if (isFinal(BuildStatus)) {
      const finalMs = performance.now() - start;
      await waitForSeal(server.client, key.BuildRecordId);
      return { finalMs, sealedMs: performance.now() - start, status: BuildStatus };
    }
    await sleep(POLL_MS);
  }
}

async function statesOf(t: TestContext, server: TestServer, silent: string): Promise<State[]> {
  const { client } = server;
  const git = await startGitHost(t);
  git.addRepository('team/large', {
    Dockerfile: 'FROM busybox\n',
    data: randomBytes(128 * 2 ** 20).toString('base64'),
  });
  const line = async (key: BuildKey, text: string) => {
    await waitForLine(client, key, text);
    return { key };
  };
  const at = async (text: string, lines: string) =>
    line(await queueBuild(t, server, { Dockerfile: `FROM busybox\n${lines}\n` }), text);
  return [
    {
      name: 'waits in the queue',
      reach: async () => {
        const running = await at('started', 'RUN echo started; sleep 600');
        const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\n' });
        return { key, release: () => cancel(server, running.key) };
      },
    },
    {
      name: 'clones from a silent host',
      reach: async () => line(await queueGitBuild(server, `${silent}/team/app.git`), 'source: '),
    },
    {
      name: 'clones 170 MB',
      reach: async () => {
        const key = await queueGitBuild(server, `${git.url}/team/large.git`);
        const packs = join(server.dataFolder, 'work', key.BuildRecordId, 'git', 'objects', 'pack');
        await until(() => namesIn(packs).some((name) => name.startsWith('tmp_pack')));
        return { key };
      },
    },
    {
      name: 'asks a silent registry for its base image',
      reach: async () =>
        line(await queueBuild(t, server, { Dockerfile: 'FROM nobody/has-this\n' }), 'build stage begin'),
    },
    { name: 'unpacks a base image of 128 MiB', reach: await unpacksBase(t, server) },
    { name: 'begins a step', reach: () => at('STEP 2/2: RUN', 'RUN sleep 600') },
    { name: 'runs a step', reach: () => at('started', 'RUN echo started; sleep 600') },
    {
      name: 'runs a step that ignores SIGTERM and SIGINT',
      reach: () => at('started', `RUN trap '' TERM INT HUP; echo started; while :; do sleep 600; done`),
    },
    {
      name: 'runs a step of 300 processes',
      reach: () => at('started', 'RUN for i in $(seq 300); do sleep 600 & done; echo started; wait'),
    },
    { name: 'runs a step that prints forever', reach: () => at('yes', 'RUN yes yes') },
    {
      name: 'runs a step that writes to its disk forever',
      reach: () =>
        at(
          'started',
          'RUN dd if=/dev/zero of=/a bs=1M count=512; echo started; while :; do dd if=/dev/zero of=/b bs=1M count=512; done',
        ),
    },
    { name: 'commits a layer of 256 MiB', reach: () => at('COMMIT', randomFile(256)) },
    {
      name: 'pushes to a registry that is stopped',
      reach: async () => {
        const registry = registryOf(server);
        process.kill(registry, 'SIGSTOP');
        // Without a base image, the build does not use the registry before the push.
        const key = await queueBuild(t, server, { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
        await waitForLine(client, key, 'push stage begin');
        return { key, release: () => process.kill(registry, 'SIGCONT') };
      },
    },
    {
      name: 'pushes a layer of 256 MiB',
      reach: () => at('push stage begin', `${randomFile(256)}\nENV x=${Math.random()}`),
    },
    { name: 'has been pushed', reach: () => at('pushed local/', 'RUN echo fine') },
    {
      name: 'is sealed',
      reach: async () => {
        const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN seq 500000\n' });
        await waitForStatus(client, key, isFinal);
        return { key };
      },
    },
  ];
}

/** A large base that no build has had yet. A build that is cancelled while it unpacks does not keep it either. */
async function unpacksBase(t: TestContext, server: TestServer): Promise<State['reach']> {
  const { client, root } = server;
  const base = await queueBuild(t, server, { Dockerfile: `FROM busybox\n${randomFile(128)}\n` }, 'local/base:1');
  await waitForStatus(client, base, isFinal);
  const Dockerfile = `FROM ${new URL(root.Endpoint).host}/local/base:1\n`;
  return async () => {
    const key = await queueBuild(t, server, { Dockerfile });
    await until(() => sandboxProcesses(key.BuildRecordId, 'dockerd').length > 0);
    return { key };
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(POLL_MS);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It is not there yet.
    return [];
  }
}
