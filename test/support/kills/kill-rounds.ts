import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Chance, chanceOf } from '../chance.ts';
import { type BuildKey, isFinal } from '../log-reader.ts';
import type { ShownBuild } from '../shown-builds.ts';
import type { Scope } from '../slipway.ts';
import { assertEffects } from './effects.ts';
import { planRounds, type Round } from './moments.ts';
import { startWorld, type World } from './world.ts';

/** What the rounds did. */
export interface KillRounds {
  /** How often each victim was killed, at the moment that was meant. */
  kills: Record<string, number>;
  /** The moments, each with its victim, to which the server came in no round. */
  unreached: string[];
  succeeded: number;
  failed: number;
  lines: number;
}

const LOOK_EVERY_MS = 5;
const ROUND_LIMIT_MS = 300_000;
/** Quick builds, and one of four with lines that come one after another. */
const QUICK = 'FROM scratch\nCOPY Dockerfile /\n';
const TICKING = 'FROM busybox\nCOPY Dockerfile /\nRUN for i in 1 2 3 4 5 6 7 8; do echo "tick $i"; sleep 0.05; done\n';
const TICKING_OF = 4;

/**
 * Kills the server, PostgreSQL or the store again and again, each time while a build is at a moment that matters, and starts what was killed again. Throws
 * if anything that was shown is lost or changed, if a status moves back, if a build ends otherwise than what was killed explains, or if it has not
 * exactly one effect in the registry. What happens follows from the seed, as far as processes are in step.
 */
export async function runKillRounds(
  scope: Scope,
  { rounds, seed, print = () => undefined }: { rounds: number; seed: number; print?: (line: string) => void },
): Promise<KillRounds> {
  const chance = chanceOf(seed);
  const world = await startWorld(scope, seed);
  const done: KillRounds = { kills: {}, unreached: [], succeeded: 0, failed: 0, lines: 0 };
  const plan = planRounds(rounds, chance);
  const reached = new Set<string>();
  for (const [at, round] of plan.entries()) {
    const name = nameOf(round);
    const startedMs = performance.now();
    const limit = new AbortController();
    const late = sleep(ROUND_LIMIT_MS, undefined, { signal: limit.signal }).then(() => {
      throw new Error(`it took longer than ${ROUND_LIMIT_MS / 1000} s`);
    });
    late.catch(() => undefined);
    const ended = await Promise.race([runRound(scope, world, round, at, chance), world.failure, late])
      .catch((cause: unknown) => {
        throw new Error(`round ${at + 1} of seed ${seed}, ${name}`, { cause });
      })
      .finally(() => limit.abort());
    if (ended.isKilled) {
      reached.add(name);
      done.kills[round.victim] = (done.kills[round.victim] ?? 0) + 1;
    }
    const { build } = ended;
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    print(`round ${at + 1}: ${name}: ${build.status}, ${build.lines.length} lines, ${seconds} s`);
  }
  await Promise.race([assertEffects(scope, world), world.failure]);
  await world.close();
  done.unreached = [...new Set(plan.map(nameOf))].filter((name) => !reached.has(name));
  for (const { status, lines } of world.shown.all) {
    done[status === 'SUCCESS' ? 'succeeded' : 'failed'] += 1;
    done.lines += lines.length;
  }
  return done;
}

async function runRound(
  scope: Scope,
  world: World,
  { moment, victim }: Round,
  at: number,
  chance: Chance,
): Promise<{ build: ShownBuild; isKilled: boolean }> {
  const count = 1 + chance.below(moment.amongTimes);
  const resumesFirst = chance.below(2) === 0;
  const tag = `round-${at + 1}`;
  const Dockerfile = `${chance.below(TICKING_OF) === 0 ? TICKING : QUICK}# ${tag}\n`;
  world.server.stopAt({ ...moment, count });
  const queued = world.queue(scope, tag, Dockerfile);
  const isKilled = await stopsOrEnds(world, queued);
  if (isKilled) await world.kill(victim, resumesFirst);
  world.server.stopAt(undefined);
  const build = await queued;
  if (isKilled && victim !== 'server') world.mustSucceed(build, `${victim} at ${moment.name}`);
  while (!isFinal(build.status)) {
    // It may have come there too late.
    if (world.server.isPaused()) world.server.resume();
    await world.pause(LOOK_EVERY_MS);
  }
  return { build, isKilled };
}

function nameOf({ victim, moment }: Round): string {
  return `${victim} killed at ${moment.name}`;
}

/** Waits until the server is stopped, which is true, or the build has ended and its log was carried, which is false. */
async function stopsOrEnds(world: World, queued: Promise<ShownBuild>): Promise<boolean> {
  let build: ShownBuild | undefined;
  let failure: { cause: unknown } | undefined;
  queued.then(
    (found) => {
      build = found;
    },
    (cause: unknown) => {
      failure = { cause };
    },
  );
  for (;;) {
    if (world.server.isPaused()) return true;
    if (failure !== undefined) throw failure.cause;
    if (build !== undefined && isFinal(build.status) && !isHere(world, build.key)) return false;
    await world.pause(LOOK_EVERY_MS);
  }
}

/** Whether the log of a build, or a rest of it, is in the data folder. */
function isHere({ server }: World, { BuildRecordId: id }: BuildKey): boolean {
  const folder = join(server.dataFolder, 'logs', id.slice(0, 2), id);
  // A removal renames it first.
  return existsSync(folder) || existsSync(`${folder}.tmp`);
}
