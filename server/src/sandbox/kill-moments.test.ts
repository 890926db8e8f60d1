import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { killIfThere } from './box/cgroup.ts';
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
const MOST_BUILDS = 30;

describe('kill -9 while the builder starts, or while it writes the image', { skip: skipLongReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
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
    test(name, async (t) => {
      // A store of its own: each killed build leaves something in it.
      const repositoryId = name.replaceAll(' ', '-');
      await under.build({ Dockerfile: KEPT }, { repositoryId });
      for (let build = 1; !(await killOnce(build)); build += 1) {
        assert.ok(build < MOST_BUILDS, `${name}: no build was caught at that moment`);
        t.diagnostic(`build ${build} had ended before the moment was seen`);
      }
      await assertKept(under, repositoryId);

      /** False if the build ended before it was seen at its moment: a machine may write the image within milliseconds. */
      async function killOnce(build: number): Promise<boolean> {
        // Incompressible data takes a while to write.
        const Dockerfile = `${KEPT}RUN : ${build}; dd if=/dev/urandom of=/large bs=1M count=120\n`;
        const request = under.prepare({ Dockerfile }, { repositoryId });
        const events = { ...readOutput(() => undefined), signal: new AbortController().signal };
        let hasEnded = false;
        const end = under.sandbox
          .runBuild(request, events)
          .catch((error: unknown) => {
            if (!(error instanceof SandboxLost)) throw error;
          })
          .finally(() => {
            hasEnded = true;
          });
        let pid: number | undefined;
        await waitUntil(() => {
          const pids = listSandboxProcesses(under.dataFolder);
          if (isTime(pids)) pid = find(pids);
          return hasEnded || pid !== undefined;
        }, 1);
        const isKilled = pid !== undefined && killIfThere(pid);
        // A builder that died with an old store gets a new one and continues.
        await end;
        return isKilled;
      }
    });
});

function holdsFiles(folder: string): boolean {
  return (
    existsSync(folder) && readdirSync(folder, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile())
  );
}
