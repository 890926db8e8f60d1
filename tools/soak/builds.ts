import { test } from 'node:test';
import { processes } from '../../test/support/leftovers.ts';
import { residentBytes, runMixedBuilds } from '../../test/support/projects/mixed-builds.ts';
import { startServer, type TestServer } from '../../test/support/slipway.ts';

const ROUND_BUILDS = 20;
/** After the first rounds, which fill caches, a process may not grow by more than this. */
const GROWTH_LIMIT_BYTES = 64 * 2 ** 20;
const ROUNDS_TO_SETTLE = 2;

/**
 * Runs `count` mixed builds (good, failing, cancelled, killed) against one server, in rounds. Each build must have its
 * expected result and leave no process, mount, control group or folder. Prints the memory of server and helper after
 * each round.
 */
export function soakBuilds(count: number): void {
  // The test runner cleans up the server; a failure in it fails the command.
  test(`${count} mixed builds leave nothing and take no more memory`, async (t) => {
    const server = await startServer(t, { flags: ['--concurrent-builds', '4'] });
    const settled: number[] = [];
    for (let done = 0, round = 1; done < count; round++) {
      const builds = Math.min(ROUND_BUILDS, count - done);
      await runMixedBuilds(t, server, builds);
      done += builds;
      const sizes = [residentBytes(server.child.pid), residentBytes(helperOf(server))];
      console.log(
        `${done} builds ended as expected, 0 leftovers; server ${mebibytes(sizes[0])}, helper ${mebibytes(sizes[1])}`,
      );
      if (round === ROUNDS_TO_SETTLE) settled.push(...sizes);
      const grown = Math.max(...settled.map((before, at) => (sizes[at] ?? 0) - before));
      if (grown > GROWTH_LIMIT_BYTES) throw new Error(`memory grew by ${mebibytes(grown)} in ${done} builds`);
    }
  });
}

function helperOf({ dataFolder }: TestServer): number | undefined {
  const isHelper = (cmdline: string) =>
    cmdline.includes('sandbox/helper/privileged-server.ts') && !cmdline.includes('keeper.sh');
  return processes().find(({ cmdline }) => isHelper(cmdline) && cmdline.includes(dataFolder))?.pid;
}

function mebibytes(bytes = 0): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
