/*
 * A process for killed.test.ts to kill: `node append-until-killed-under-test.ts FOLDER`. It writes one log after the other, seals each, and
 * says on stdout what is acknowledged: "<log id> <lines>" after each commit, "<log id> sealed" after each seal.
 */
import { writeSync } from 'node:fs';

import { Logbook } from './logbook.ts';

/** What line `number` of a log says: the parent knows it too. */
export function messageOf(logId: string, number: number): string {
  return `${logId} line ${number} ${'.'.repeat((number * 37) % 300)}`;
}

const LINES_PER_LOG = 3000;

if (import.meta.main) {
  const logbook = await Logbook.open({ folder: process.argv[2] ?? '' });
  for (let turn = 0; ; turn += 1) {
    const logId = `log-${turn}`;
    const writer = await logbook.create(logId);
    for (let line = 1; line <= LINES_PER_LOG; ) {
      const batch = 1 + ((line * 7) % 60);
      const messages = Array.from({ length: batch }, (_, at) => `${messageOf(logId, line + at)}\n`);
      await writer.write(Buffer.from(messages.join('')));
      line += batch;
      // A synchronous write to the pipe: what was said was said before the kill.
      writeSync(1, `${logId} ${await writer.committed()}\n`);
    }
    await writer.seal({ verdict: 'complete' });
    writeSync(1, `${logId} sealed\n`);
  }
}
