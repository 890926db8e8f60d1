import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { type FollowEvent, Logbook } from './logbook.ts';

test('a follower that starts as soon as a log is visible follows it to its seal', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'logbook-follow-'));
  t.after(() => rm(folder, { recursive: true }));
  const logbook = await Logbook.open({ folder });
  t.after(() => logbook.close());
  for (let round = 0; round < 20; round += 1) {
    const logId = `round-${round}`;
    const following = followWhenSeen(logbook, logId);
    const writer = await logbook.create(logId);
    await writer.line('one');
    await writer.committed();
    await writer.seal({ verdict: 'complete' });
    const events = await following;
    assert.equal(events.at(-1)?.sealed, true, `round ${round}`);
    assert.equal(
      events.reduce((sum, event) => sum + event.lineCount, 0),
      1,
    );
  }
});

async function followWhenSeen(logbook: Logbook, logId: string): Promise<FollowEvent[]> {
  while ((await logbook.reach(logId)) === undefined) await nextTurn();
  const events: FollowEvent[] = [];
  for await (const event of logbook.follow(logId, 1)) events.push(event);
  return events;
}
