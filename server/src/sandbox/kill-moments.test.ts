import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { SandboxLost } from './client/sandbox.ts';
import {
  childOf,
  listSandboxProcesses,
  readOutput,
  type SandboxUnderTest,
  skipLongReason,
  startSandboxUnderTest,
} from './testing/sandbox.ts';
import { assertKept, KEPT, type Pids, waitUntil } from './testing/sleeper.ts';

const INGEST = 'store/docker/containerd/daemon/io.containerd.content.v1.content/ingest';
const REPOSITORY_ID = 'killed';

describe('kill -9 while the builder starts, or while it writes the image', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
    await under.build({ Dockerfile: KEPT }, { repositoryId: REPOSITORY_ID });
  });
  after(() => under.close());

  const starts = (pids: Pids) => pids.some(({ name }) => name === 'dockerd');
  const writes = (pids: Pids) =>
    pids.some(({ name, pid }) => name === 'docker-buildx' && holdsFiles(`/proc/${pid}/root/${INGEST}`));
  const cases: [string, (pids: Pids) => boolean, (pids: Pids) => number | undefined][] = [
    ['the daemon at its start', starts, (pids) => pids.find(({ name }) => name === 'dockerd')?.pid],
    ['boxinit at the start', starts, (pids) => pids.find(({ command }) => /^sh \S*boxinit\.sh/.test(command))?.pid],
    ['the helper at the start', starts, () => childOf(under.helper.child.pid)],
    ['the daemon at the end', writes, (pids) => pids.find(({ name }) => name === 'dockerd')?.pid],
    ['the client at the end', writes, (pids) => pids.find(({ name }) => name === 'docker-buildx')?.pid],
    ['the helper at the end', writes, () => childOf(under.helper.child.pid)],
  ];
  for (const [name, isTime, find] of cases)
    test(name, async () => {
      // Incompressible data takes a while to write.
      const Dockerfile = `${KEPT}RUN dd if=/dev/urandom of=/large bs=1M count=120\n`;
      const request = under.prepare({ Dockerfile }, { repositoryId: REPOSITORY_ID });
      const end = under.sandbox.runBuild(request, {
        ...readOutput(() => undefined),
        signal: new AbortController().signal,
      });
      const outcome = end.catch((error: unknown) => {
        if (!(error instanceof SandboxLost)) throw error;
      });
      // A fast machine writes it within a tenth of a second.
      await waitUntil(() => isTime(listSandboxProcesses(under.dataFolder)), 5);
      process.kill(find(listSandboxProcesses(under.dataFolder)) ?? assert.fail(`${name} runs`), 'SIGKILL');
      // A builder that died with an old store gets a new one and continues.
      await outcome;
      await assertKept(under, REPOSITORY_ID);
    });
});

function holdsFiles(folder: string): boolean {
  return (
    existsSync(folder) && readdirSync(folder, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile())
  );
}
