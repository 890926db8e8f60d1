import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { Logbook } from '../../logbook/src/logbook.ts';
import { messagesOf, missingProgram } from '../../logbook/src/testing/logbook.ts';
import { temporaryFolder } from '../support/slipway.ts';

const ENGINE = new URL('../../logbook/src/logbook.ts', import.meta.url).href;
/** Writes two logs in turn, and prints the result of each as JSON; the disk of `bad` fails. */
const WRITE_BOTH = `import { Logbook } from '${ENGINE}';
const logbook = await Logbook.open({ folder: process.argv[1] });
const logs = { 'log-bad': await logbook.create('log-bad'), 'log-good': await logbook.create('log-good') };
const said = { 'log-bad': { acknowledged: 0 }, 'log-good': { acknowledged: 0 } };
for (let line = 1; line <= 40; line += 1) {
  for (const [id, writer] of Object.entries(logs)) {
    await writer.write(Buffer.from(id + ' line ' + line + '\\n'))
      .then(() => writer.committed())
      .then((count) => { said[id].acknowledged = count; }, (error) => { said[id].code ??= error.cause?.code; });
  }
}
for (const [id, writer] of Object.entries(logs)) {
  const seal = (claim) => writer.seal(claim).then((seal) => seal.verdict, (error) => 'refused: ' + (error.cause?.cause ?? error.cause).code);
  said[id].first = await seal({ verdict: 'complete' });
  if (said[id].first !== 'complete') said[id].second = await seal({ verdict: 'partial', reason: 'the disk failed' });
}
await logbook.close();
process.stdout.write(JSON.stringify(said));`;

const unfit = missingProgram('strace') || cannotTrace();

test('EIO on a durable write stops acknowledgements for good: the log up to there is sealed partial, another build continues', {
  skip: unfit,
}, async (t) => {
  const { folder, said } = writeWithFaults(t, 'hot.ndjson', 'pwrite64,pwritev:error=EIO:when=6+');
  const { 'log-bad': bad, 'log-good': good } = said;
  assert.deepEqual([bad.code, bad.first, bad.second], ['EIO', 'refused: EIO', 'partial']);
  assert.ok(bad.acknowledged > 0 && bad.acknowledged < 40, `${bad.acknowledged} acknowledged`);
  assert.deepEqual([good.acknowledged, good.first], [40, 'complete']);
  await assertKept(folder, 'log-bad', bad.acknowledged);
  await assertKept(folder, 'log-good', 40);
});

test('EIO on a sync while a log is being sealed leaves it in its running form, and the next attempt seals it', {
  skip: unfit,
}, async (t) => {
  const { folder, said } = writeWithFaults(t, 'log.ndjson.gz.tmp', 'fdatasync:error=EIO:when=1');
  const { 'log-bad': bad, 'log-good': good } = said;
  assert.deepEqual([bad.acknowledged, bad.first, bad.second], [40, 'refused: EIO', 'partial']);
  assert.deepEqual([good.acknowledged, good.first], [40, 'complete']);
  await assertKept(folder, 'log-bad', 40);
});

interface Said {
  acknowledged: number;
  code?: string;
  first: string;
  second?: string;
}

/**
 * Runs the writer, with the kernel's answers for one file of `log-bad` replaced. Uses one thread, so that `when` counts
 * all calls.
 */
function writeWithFaults(t: TestContext, file: string, fault: string) {
  const folder = temporaryFolder(t);
  const target = join(folder, 'lo', 'log-bad', file);
  const calls = fault.slice(0, fault.indexOf(':'));
  const strace = ['-f', '-qq', '-o', '/dev/null', '-P', target, '-e', `trace=${calls}`, '-e', `inject=${fault}`];
  const node = [process.execPath, '--input-type=module', '-e', WRITE_BOTH, folder];
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const output = execFileSync('strace', [...strace, ...node], { env, encoding: 'utf8', timeout: 120_000 });
  return { folder, said: JSON.parse(output) as Record<'log-bad' | 'log-good', Said> };
}

async function assertKept(folder: string, logId: string, lineCount: number): Promise<void> {
  const logbook = await Logbook.open({ folder });
  try {
    assert.deepEqual(await logbook.unsealed(), []);
    assert.deepEqual((await logbook.verify(logId))?.damage, []);
    const expected = Array.from({ length: lineCount }, (_, at) => `${logId} line ${at + 1}`);
    assert.deepEqual(await messagesOf(logbook, logId), expected);
  } finally {
    await logbook.close();
  }
}

function cannotTrace(): string | false {
  return spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0
    ? false
    : 'needs the right to trace a child (ptrace)';
}
