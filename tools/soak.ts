/*
 * The tests without limit. They stop at the first thing that is not as it must be, with 1.
 *
 * `node tools/soak.ts logbook [MINUTES]` kills a process that writes logs, at random moments and at failpoints, again and again,
 * and prints cycles, acknowledged lines and lost lines.
 * `node tools/soak.ts builds [COUNT]` runs mixed builds, looks for what they leave, and prints the memory of server and helper.
 * `node tools/soak.ts real [DATA]` runs real builds (Debian by debootstrap, gcc, npm, 200 steps, a layer of 1 GiB) and prints their times.
 * `node tools/soak.ts gateway [REQUESTS]` sends requests of a fuzzer to the gateway, and prints the answers and the memory.
 */
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { killCycle } from '../logbook/src/killed-under-test.ts';
import { soakBuilds } from './soak-builds.ts';
import { soakGateway } from './soak-gateway.ts';
import { soakRealBuilds } from './soak-real-builds.ts';

const DEFAULTS = { logbook: 60, builds: 500, gateway: 1_000_000 } as const;
const REPORT_CYCLES = 50;

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

async function soakLogbook(durationMs: number, seed: number): Promise<void> {
  const chance = randomFrom(seed);
  const end = Date.now() + durationMs;
  let acknowledgedLines = 0;
  for (let cycle = 0; Date.now() < end; cycle += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'soak-'));
    try {
      acknowledgedLines += (await killCycle(folder, cycle, chance)).acknowledgedLines;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const isLast = Date.now() >= end;
    if (isLast || (cycle + 1) % REPORT_CYCLES === 0) {
      process.stdout.write(`${cycle + 1} kills, ${acknowledgedLines} acknowledged lines, 0 lost\n`);
    }
  }
}

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
