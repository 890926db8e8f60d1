import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Fault } from '../../logbook/src/testing/failing-disk.ts';
import { failingLife } from '../../logbook/src/testing/failing-life.ts';
import { killCycle } from '../../logbook/src/testing/killed.ts';
import { cutAndRecover, runUntilCut } from '../../logbook/src/testing/power-cut-life.ts';
import { noPowerToCut, powerCutCycle } from '../../test/support/power-cut.ts';

const FAULTS: readonly Fault[] = ['refused', 'half written', 'dead'];
const KILLS_A_ROUND = 10;
const SURVIVALS_A_ROUND = 20;
const FAULTS_A_ROUND = 20;
const REPORT_MS = 60_000;

/**
 * Until the time is up: kills a process that writes logs; cuts the power of a real file system under logs and SQLite,
 * if possible; simulates power cuts at every kind of moment; and lets disk operations fail. Each time it compares what
 * was acknowledged with what is left. Prints cycles and lines; throws at the first line that is lost, duplicated, moved
 * or changed.
 */
export async function soakLogbook(durationMs: number, seed: number): Promise<void> {
  const chance = randomFrom(seed);
  const tally = new Map<string, { cycles: number; lines: number }>();
  const endMs = performance.now() + durationMs;
  let reportMs = performance.now() + REPORT_MS;
  if (noPowerToCut) process.stdout.write(`no power cuts of a real file system: ${noPowerToCut}\n`);
  const { acts } = await inFolder((folder) => failingLife(folder, 0, 'refused'));
  const { acts: cutActs } = await inFolder((folder) => runUntilCut(folder, 0));
  for (let kill = 0; performance.now() < endMs; ) {
    for (let turn = 0; turn < KILLS_A_ROUND && performance.now() < endMs; turn += 1, kill += 1) {
      await count('kills', async (folder) => (await killCycle(folder, kill, chance)).acknowledgedLines);
    }
    if (!noPowerToCut) await count('power cuts', async () => (await powerCutCycle(chance)).acknowledgedLines);
    for (let turn = 0; turn < SURVIVALS_A_ROUND; turn += 1) {
      const cutAt = 1 + Math.floor(chance() * (cutActs - 1));
      const seed = Math.floor(chance() * 2 ** 31);
      await count('simulated power cuts', (folder) => cutInThought(folder, cutAt, seed));
    }
    for (let turn = 0; turn < FAULTS_A_ROUND; turn += 1) {
      const fault = FAULTS[Math.floor(chance() * FAULTS.length)] ?? 'refused';
      const failAt = 1 + Math.floor(chance() * acts);
      await count('disk faults', async (folder) => (await failingLife(folder, failAt, fault)).acknowledgedLines);
    }
    if (performance.now() < reportMs || performance.now() >= endMs) continue;
    reportMs = performance.now() + REPORT_MS;
    report();
  }
  report();

  async function count(what: string, cycle: (folder: string) => Promise<number>): Promise<void> {
    const lines = await inFolder(cycle);
    const before = tally.get(what) ?? { cycles: 0, lines: 0 };
    tally.set(what, { cycles: before.cycles + 1, lines: before.lines + lines });
  }

  function report(): void {
    const parts = [...tally].map(([what, { cycles, lines }]) => `${cycles} ${what} (${lines} lines)`);
    const total = [...tally.values()].reduce((sum, { lines }) => sum + lines, 0);
    process.stdout.write(`${parts.join(', ')}: ${total} acknowledged lines, 0 lost\n`);
  }
}

async function cutInThought(folder: string, cutAt: number, seed: number): Promise<number> {
  return inFolder(async (first) => {
    const life = await runUntilCut(first, cutAt);
    await cutAndRecover(life, join(folder, 'logs'), cutAt, seed);
    return life.acknowledged;
  });
}

async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  try {
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
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
