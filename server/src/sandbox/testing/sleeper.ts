import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSandbox, SandboxLost } from '../client/sandbox.ts';
import type { BuildRequest } from '../protocol/request.ts';
import { type listSandboxProcesses, readOutput, type SandboxUnderTest, waitForNothingLeft } from './sandbox.ts';

/** A step that every such build has made by the time it dies. */
export const KEPT = 'FROM busybox\nRUN echo kept >/kept\n';
/** A build that runs until it is killed. */
export const SLEEPER = { Dockerfile: `${KEPT}RUN echo started; sleep 600 & sleep 600; true\n` };

/** What `listSandboxProcesses` gives. */
export type Pids = ReturnType<typeof listSandboxProcesses>;
/** A build that sleeps. */
export interface Sleeper {
  end: Promise<{ reason: string; detail?: string } | undefined>;
  /** Steps whose runtime was killed. */
  lost: number[];
  cancel(): void;
}

/** A sleeper in the sandbox. */
export async function startSleeper(under: SandboxUnderTest, changes: Partial<BuildRequest> = {}): Promise<Sleeper> {
  return followSleeper(under.dataFolder, under.prepare(SLEEPER, { egress: 'world', ...changes }));
}

/** Starts a build and returns after its RUN has printed. `end` is the outcome, or undefined if the helper was lost. */
export async function followSleeper(
  dataFolder: string,
  request: ReturnType<SandboxUnderTest['prepare']>,
): Promise<Sleeper> {
  const cancellation = new AbortController();
  const sandbox = openSandbox(join(dataFolder, 'helper.sock'));
  let output = '';
  const lost: number[] = [];
  const started = Promise.withResolvers<void>();
  const build = sandbox.runBuild(request, {
    ...readOutput((text) => {
      output += text;
      if (/^started$/m.test(output)) started.resolve();
    }),
    onStepEnd: (step, isLost) => {
      if (isLost) lost.push(step);
    },
    signal: cancellation.signal,
  });
  const end = build.catch((error: unknown) => {
    if (error instanceof SandboxLost) return undefined;
    throw error;
  });
  void end.then(
    (outcome) => started.reject(new Error(`it ended before: ${JSON.stringify(outcome)} ${output}`)),
    started.reject,
  );
  await started.promise;
  return { end, lost, cancel: () => cancellation.abort() };
}

/** A shell that has just forked appears twice for a moment; the first one is the RUN itself. */
export function firstOf(pids: Pids, command: string): number | undefined {
  const found = pids.filter((each) => each.command.startsWith(command)).map(({ pid }) => pid);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** After a death the keeper starts the next helper; until it listens, calls fail to connect. */
export async function waitForHelper(under: SandboxUnderTest): Promise<void> {
  await waitUntil(() =>
    under.sandbox.findBase(under.base.scope, under.base.digest).then(
      (base) => base !== undefined,
      (error: unknown) => {
        if (error instanceof SandboxLost) return false;
        throw error;
      },
    ),
  );
}

/** Waits up to three minutes, and checks every `everyMs`. */
export async function waitUntil(condition: () => boolean | Promise<boolean>, everyMs = 50): Promise<void> {
  const untilMs = performance.now() + 180_000;
  while (performance.now() < untilMs) {
    if (await condition()) return;
    await sleep(everyMs);
  }
  assert.fail('it did not become true');
}

/** Nothing is left but the store of the repository, from which the next build takes the layers made before. */
export async function assertKept(under: SandboxUnderTest, repositoryId: string): Promise<void> {
  assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
  await waitForHelper(under);
  const { outcome, output } = await under.build({ Dockerfile: `${KEPT}RUN cat /kept\n` }, { repositoryId });
  assert.equal(outcome.phase, 'done', output);
  assert.match(output, /^CACHED .*echo kept/m);
}
