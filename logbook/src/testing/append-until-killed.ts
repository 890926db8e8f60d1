/*
 * A process to be killed: `node append-until-killed.ts FOLDER [FAILPOINT COUNT]`. It writes several logs at once, one
 * after the other in each lane, seals each, and removes every other one. It prints what is acknowledged: "<log id>
 * <lines>" after each commit, "<log id> sealed" after each seal, "<log id> removing" and "removed". With a failpoint,
 * it kills itself when it reaches that failpoint for the COUNT-th time.
 */
import { writeSync } from 'node:fs';

import { armFailpoint, type Failpoint } from '../disk/failpoint.ts';
import { Logbook } from '../logbook.ts';

/** The text of line `number` of a log, which the parent can compute too. */
export function messageOf(logId: string, number: number): string {
  return `${logId} line ${number} ${'.'.repeat((number * 37) % 300)}`;
}

const LANES = 3;
const LINES_PER_LOG = 600;

if (import.meta.main) {
  const [, , folder = '', failpoint, count = '1'] = process.argv;
  if (failpoint !== undefined) killAt(failpoint as Failpoint, Number(count));
  const logbook = await Logbook.open({ folder });
  await Promise.all(Array.from({ length: LANES }, (_, lane) => writeLogs(logbook, lane)));
}

function killAt(failpoint: Failpoint, count: number): void {
  let met = 0;
  armFailpoint(failpoint, () => {
    met += 1;
    if (met >= count) process.kill(process.pid, 'SIGKILL');
  });
}

async function writeLogs(logbook: Logbook, lane: number): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const logId = `log-${lane}-${turn}`;
    const writer = await logbook.create(logId);
    for (let line = 1; line <= LINES_PER_LOG; ) {
      const batch = 1 + ((line * 7) % 60);
      const messages = Array.from({ length: batch }, (_, at) => `${messageOf(logId, line + at)}\n`);
      await writer.write(Buffer.from(messages.join('')));
      line += batch;
      // A synchronous write to the pipe: what was printed was printed before the kill.
      writeSync(1, `${logId} ${await writer.committed()}\n`);
    }
    await writer.seal({ verdict: 'complete' });
    writeSync(1, `${logId} sealed\n`);
    if (turn % 2 === 0) continue;
    writeSync(1, `${logId} removing\n`);
    await logbook.remove(logId);
    writeSync(1, `${logId} removed\n`);
  }
}
