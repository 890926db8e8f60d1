import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FAILPOINTS } from '../disk/failpoint.ts';
import { Logbook } from '../logbook.ts';
import { messageOf } from './append-until-killed.ts';
import { messagesOf } from './logbook.ts';

const CHILD = fileURLToPath(new URL('./append-until-killed.ts', import.meta.url));
const RANDOM_MOMENT_MS = 200;
/** A failpoint of appending is reached often, one of sealing once for each log, one of removing for every other log. */
const APPENDS_MET = 60;
const SEALS_MET = 4;

/** The result of one cycle. */
export interface KillCycle {
  moment: string;
  acknowledgedLines: number;
  logs: number;
}

/**
 * Lets a process append to logs in an empty folder, kills it alternately at a random moment and at a failpoint,
 * recovers, and compares with what the process had printed to a pipe. Throws at the first line that is lost,
 * duplicated, moved or changed.
 */
export async function killCycle(folder: string, cycle: number, chance: () => number): Promise<KillCycle> {
  // Every other cycle at a random moment, the others at each failpoint in turn.
  const name = cycle % 2 === 0 ? undefined : FAILPOINTS[(cycle >> 1) % FAILPOINTS.length];
  const met = name?.startsWith('append') ? APPENDS_MET : name?.startsWith('remove') ? 1 : SEALS_MET;
  const count = 1 + Math.floor(chance() * met);
  const moment = name === undefined ? 'a random moment' : `${name}, met ${count} times`;
  const said = await runAndKill(folder, name === undefined ? [] : [name, String(count)], chance() * RANDOM_MOMENT_MS);
  return { moment, acknowledgedLines: await checkAcknowledged(folder, said, moment), logs: said.size };
}

/**
 * Recovers the logs of a folder and compares them with what was acknowledged. Returns the number of acknowledged lines.
 */
export async function checkAcknowledged(folder: string, said: Said, moment: string): Promise<number> {
  await using logbook = new AsyncDisposableStack();
  const opened = await Logbook.open({ folder });
  logbook.defer(() => opened.close());
  for (const logId of await opened.unsealed()) {
    await (await opened.resume(logId)).seal({ verdict: 'partial', reason: 'killed' });
  }
  let acknowledgedLines = 0;
  for (const [logId, { lines, sealed, removal }] of said) {
    const state = await opened.reach(logId);
    if (removal === 'done') assert.equal(state, undefined, `${logId} is removed, killed at ${moment}`);
    // A removal that was not acknowledged has removed everything or nothing.
    if (removal !== undefined && state === undefined) continue;
    assert.ok(state?.sealed, `${logId} is sealed after recovery, killed at ${moment}`);
    assert.ok(state.lineCount >= lines, `${logId} kept ${state.lineCount} of ${lines} lines, killed at ${moment}`);
    if (sealed) assert.equal(state.seal?.verdict, 'complete', moment);
    const expected = Array.from({ length: state.lineCount }, (_, at) => messageOf(logId, at + 1));
    assert.deepEqual(await messagesOf(opened, logId), expected, moment);
    acknowledgedLines += lines;
  }
  return acknowledgedLines;
}

/**
 * By log: the number of acknowledged lines, whether the seal was acknowledged, and whether a removal was begun or done.
 */
export type Said = Map<string, { lines: number; sealed: boolean; removal?: 'begun' | 'done' }>;

/**
 * Runs the child until some time after its first commit, or until its failpoint, and returns what it had acknowledged.
 */
async function runAndKill(folder: string, failpoint: readonly string[], runMs: number): Promise<Said> {
  const child = spawn(process.execPath, [CHILD, folder, ...failpoint], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const closed = once(child, 'close');
  if (failpoint.length === 0) {
    await Promise.race([once(child.stdout, 'data'), closed]);
    await sleep(runMs);
    child.kill('SIGKILL');
  }
  const [, signal] = await closed;
  assert.equal(signal, 'SIGKILL', `the process ended otherwise: ${failpoint.join(' ')}`);
  return saidIn(output);
}

/** What the process of append-until-killed.ts had acknowledged, from its standard output. */
export function saidIn(output: string): Said {
  const said: Said = new Map();
  // A line that the kill cut short is ignored.
  for (const line of output.split('\n').slice(0, -1)) {
    const [logId = '', what] = line.split(' ');
    const lines = said.get(logId)?.lines ?? 0;
    if (what === 'sealed') said.set(logId, { lines, sealed: true });
    else if (what === 'removing') said.set(logId, { lines, sealed: true, removal: 'begun' });
    else if (what === 'removed') said.set(logId, { lines, sealed: true, removal: 'done' });
    else said.set(logId, { lines: Number(what), sealed: false });
  }
  return said;
}
