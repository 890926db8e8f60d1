import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/slipway.ts';

const skip = process.env.SLIPWAY_TEST_LONG !== '1' && 'starts registries twenty times: runs with SLIPWAY_TEST_LONG=1';
const PROGRAM = join(import.meta.dirname, 'registry-steps.ts');

/** The steps of each act, in their order. */
const STEPS = {
  push: ['begun', 'sent', 'ended'],
  sweep: ['marked', 'deleted', 'first forgotten'],
  collect: ['looked', 'collecting', 'collected', 'ended'],
  copy: ['layer', 'begun', 'sent', 'ended'],
};

for (const [act, steps] of Object.entries(STEPS))
  for (const step of steps)
    test(`kill -9 of a ${act} when it has ${step}: what is tagged pulls whole, and the next collection leaves nothing else`, {
      skip,
    }, async (t) => {
      const folder = temporaryFolder(t);
      await run([folder, 'prepare']);
      assert.equal(await killed([folder, act, step]), 'SIGKILL');
      const found = JSON.parse(await run([folder, 'check']));
      const { tags, ...left } = found;
      assert.deepEqual(left, { leaked: [], open: 0, leaving: 0, faults: [] });
      // Distribution has the manifest as soon as it was sent, and a start finishes the push then.
      const isPushed = step === 'sent' || step === 'ended';
      const expected: Record<string, string> = { 'team/app:kept': 'kept', 'team/app:v1': 'first' };
      if (act === 'push' && isPushed) expected['team/app:v1'] = 'second';
      if (act === 'copy' && isPushed) expected['team/copy:v1'] = 'first';
      if (act === 'push' || act === 'copy') for (const n of [1, 2]) expected[`team/app:old-${n}`] = `old ${n}`;
      assert.deepEqual(tags, expected);
    });

/** Runs the program to its end, and returns what it printed. */
async function run(args: readonly string[]): Promise<string> {
  const { code, signal, stdout, stderr } = await ended(args);
  assert.equal(code, 0, `${signal ?? ''} ${stderr}`);
  return stdout;
}

async function killed(args: readonly string[]): Promise<NodeJS.Signals | null> {
  const { signal, stderr } = await ended(args);
  if (signal === null) assert.fail(`it did not come to the step: ${stderr}`);
  return signal;
}

function ended(args: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args]);
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (piece) => stdout.push(piece));
  child.stderr.on('data', (piece) => stderr.push(piece));
  return new Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>(
    (resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) =>
        resolve({ code, signal, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
      );
    },
  );
}
