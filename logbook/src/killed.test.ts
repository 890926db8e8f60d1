import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { messageOf } from './append-until-killed-under-test.ts';
import { Logbook } from './logbook.ts';
import { fastFolder, messagesOf } from './logbook-under-test.ts';

const CHILD = fileURLToPath(new URL('./append-until-killed-under-test.ts', import.meta.url));
const ROUNDS = process.env.SLIPWAY_TEST_LONG === '1' ? 100 : 4;

test('kill -9 at any moment of appending and sealing loses, doubles and alters no acknowledged line', async (context) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = fastFolder(context);
    const said = await runAndKill(context, folder, Math.random() * 400);
    const logbook = await Logbook.open({ folder });
    for (const logId of await logbook.unsealed()) {
      const writer = await logbook.resume(logId);
      await writer.seal({ verdict: 'partial', reason: 'killed' });
    }
    for (const [logId, { lines, sealed }] of said) {
      const state = logbook.state(logId);
      assert.ok(state?.sealed, `${logId} is sealed after recovery`);
      assert.ok(state.lineCount >= lines, `${logId} kept ${state.lineCount} of ${lines} lines`);
      if (sealed) assert.equal(state.seal?.verdict, 'complete');
      const expected = Array.from({ length: state.lineCount }, (_, at) => messageOf(logId, at + 1));
      assert.deepEqual(messagesOf(logbook, logId), expected);
    }
    await logbook.close();
  }
});

type Said = Map<string, { lines: number; sealed: boolean }>;

/** Runs the child until some time after its first commit, kills it, and returns what it had acknowledged. */
async function runAndKill(context: TestContext, folder: string, runMs: number): Promise<Said> {
  const child = spawn(process.execPath, [CHILD, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child.stdout, 'data');
  await sleep(runMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  const said: Said = new Map();
  // A line that the kill cut short says nothing.
  for (const line of output.split('\n').slice(0, -1)) {
    const [logId = '', what] = line.split(' ');
    const before = said.get(logId)?.lines ?? 0;
    said.set(logId, what === 'sealed' ? { lines: before, sealed: true } : { lines: Number(what), sealed: false });
  }
  assert.ok(said.size > 0);
  return said;
}
