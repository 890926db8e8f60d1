/*
 * The tests without a limit. They stop at the first failure, with exit code 1.
 *
 * `npm run soak -- logbook [MINUTES]` kills processes that write logs, cuts their power and makes their disk fail, and
 * prints cycles, acknowledged lines and lost lines. `npm run soak -- builds [COUNT]` runs mixed builds, looks for
 * leftovers, and prints the memory of server and helper. `npm run soak -- real [DATA]` runs real builds (Debian by
 * debootstrap, gcc, npm, 200 steps, a layer of 1 GiB) and prints their times. `npm run soak -- cache [ROUNDS]` edits a
 * random project again and again, and compares its image built with a cache to the one built without. `npm run soak --
 * gateway [REQUESTS]` sends fuzzed requests to the gateway, and prints the answers and the memory. `npm run soak --
 * cgroup-v2 [MINUTES]` runs the sandbox with its limits on Debian's kernel, in an emulated machine that has only cgroup
 * v2. `npm run soak -- debian-13 [MINUTES [PLACE…]]` runs both commands of the README on Debian 13 with systemd, in
 * such a machine. `npm run soak -- hostile [MINUTES]` attacks one server with hostile text, bodies and builds, and
 * prints how long `/healthz` took and the memory. `npm run soak -- ram [DECISIONS]` compares decisions under random
 * policies with those of a naive evaluator. `npm run soak -- kills [ROUNDS]` kills server, PostgreSQL and store, each at
 * moments of a build, and prints what came of it. What is random follows from a seed, which they print; `SEED=N` in the
 * environment repeats a run.
 */
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';

import { soakBuilds } from './builds.ts';
import { soakCache } from './cache.ts';
import { soakCgroupV2 } from './cgroup-v2.ts';
import { soakDebian13 } from './debian-13.ts';
import { soakGateway } from './gateway.ts';
import { soakHostile } from './hostile.ts';
import { soakKills } from './kills.ts';
import { soakLogbook } from './logbook.ts';
import { soakRam } from './ram.ts';
import { soakRealBuilds } from './real-builds.ts';

/** By name, with the default amount. */
const soaks: Record<string, { amount: number; run(amount: number): void | Promise<void> }> = {
  logbook: { amount: 60, run: (minutes) => soakLogbook(minutes * 60_000, chosenSeed()) },
  builds: { amount: 500, run: soakBuilds },
  cache: { amount: 200, run: (rounds) => soakCache(rounds, chosenSeed()) },
  'cgroup-v2': { amount: 60, run: soakCgroupV2 },
  'debian-13': { amount: 240, run: (minutes) => soakDebian13(minutes, process.argv.slice(4)) },
  gateway: { amount: 1_000_000, run: (requests) => soakGateway(requests, chosenSeed()) },
  hostile: { amount: 30, run: (minutes) => soakHostile(minutes * 60_000, chosenSeed()) },
  kills: { amount: 200, run: (rounds) => soakKills(rounds, chosenSeed()) },
  ram: { amount: 1_000_000, run: (decisions) => soakRam(decisions, chosenSeed()) },
};

const [what = '', given] = process.argv.slice(2);
const soak = Object.hasOwn(soaks, what) ? soaks[what] : undefined;
if (what === 'real') soakRealBuilds(given && resolve(given));
else if (soak) await soak.run(amountOf(soak.amount));
else refuse();

function chosenSeed(): number {
  const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
  process.stdout.write(`seed ${seed}\n`);
  return seed;
}

function amountOf(fallback: number): number {
  const amount = Number(given ?? fallback);
  return amount > 0 ? amount : refuse();
}

function refuse(): never {
  process.stderr.write(
    'usage: soak logbook [MINUTES], builds [COUNT], cache [ROUNDS], real [DATA], cgroup-v2 [MINUTES], debian-13 [MINUTES [PLACE…]], gateway [REQUESTS], hostile [MINUTES], kills [ROUNDS] or ram [DECISIONS]\n',
  );
  process.exit(2);
}
