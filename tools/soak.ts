/*
 * The tests without limit. They stop at the first thing that is not as it must be, with 1.
 *
 * `node tools/soak.ts logbook [MINUTES]` kills processes that write logs, cuts their power and lets their disk fail, and prints
 * cycles, acknowledged lines and lost lines.
 * `node tools/soak.ts builds [COUNT]` runs mixed builds, looks for what they leave, and prints the memory of server and helper.
 * `node tools/soak.ts real [DATA]` runs real builds (Debian by debootstrap, gcc, npm, 200 steps, a layer of 1 GiB) and prints their times.
 * `node tools/soak.ts gateway [REQUESTS]` sends requests of a fuzzer to the gateway, and prints the answers and the memory.
 */
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';

import { soakBuilds } from './soak-builds.ts';
import { soakGateway } from './soak-gateway.ts';
import { soakLogbook } from './soak-logbook.ts';
import { soakRealBuilds } from './soak-real-builds.ts';

const DEFAULTS = { logbook: 60, builds: 500, gateway: 1_000_000 } as const;

const [what, given] = process.argv.slice(2);
if (what === 'real') soakRealBuilds(given && resolve(given));
else if (what === 'builds') soakBuilds(amountOf(DEFAULTS.builds));
else if (what === 'gateway') await soakGateway(amountOf(DEFAULTS.gateway), chosenSeed());
else if (what === 'logbook') await soakLogbook(amountOf(DEFAULTS.logbook) * 60_000, chosenSeed());
else refuse();

function chosenSeed(): number {
  const seed = randomInt(2 ** 31);
  process.stdout.write(`seed ${seed}\n`);
  return seed;
}

function amountOf(fallback: number): number {
  const amount = Number(given ?? fallback);
  return amount > 0 ? amount : refuse();
}

function refuse(): never {
  process.stderr.write('it is: soak logbook [MINUTES], builds [COUNT], real [DATA] or gateway [REQUESTS]\n');
  process.exit(2);
}
