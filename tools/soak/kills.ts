import { test } from 'node:test';
import { runKillRounds } from '../../test/support/kills/kill-rounds.ts';

/**
 * Kills server, PostgreSQL and store in turn, over `rounds` rounds, each at a moment of a build, and prints what came of it. As many rounds as there
 * are moments with a victim have each of them.
 */
export function soakKills(rounds: number, seed: number): void {
  // The test runner ends the servers; a failure in it fails the command.
  test(`${rounds} kills lose and change nothing that was shown`, async (t) => {
    const done = await runKillRounds(t, { rounds, seed, print: (line) => console.log(line) }).catch(
      (error: unknown) => {
        console.error(error);
        throw error;
      },
    );
    console.log(JSON.stringify(done));
  });
}
