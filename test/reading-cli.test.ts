import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { startApiUnderTest } from '../server/src/http/api-under-test.ts';
import { cleanEnvironment, LAUNCHER } from './support/slipway.ts';

const COUNT = 3000;
/** A little of all that text can be: cut anywhere, much of it stands across the parts in which output is written. */
const MESSAGES = Array.from({ length: COUNT }, (_, at) =>
  (at + 1) % 1000 === 0
    ? `Fatal ${at + 1}: the roof is on fire`
    : `${at + 1} é😀 ünï \x1b[1mbold\x1b[0m ${'漢'.repeat(at % 50)}`,
);

test('the command line begins where it is told and says where nothing is left, gives messages alone or with times, finds lines with those around them and tells them apart, colours for a terminal only, ends quietly with its reader, and lists builds', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  await writer.write(Buffer.from(`${MESSAGES.join('\n')}\n`));
  await writer.seal({ verdict: 'complete' });
  await api.endBuild(id);
  const env = cleanEnvironment({
    SLIPWAY_ENDPOINT: api.endpoint,
    SLIPWAY_ACCESS_KEY_ID: api.pair.accessKeyId,
    SLIPWAY_ACCESS_KEY_SECRET: api.pair.accessKeySecret,
  });
  const shown = (options: string, reader = 'cat') => run(`"$0" logs ${id} ${options} | ${reader}`);
  const run = async (command: string) => {
    const script = `set -o pipefail; ${command}`;
    const child = spawn('bash', ['-c', script, LAUNCHER], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts: Buffer[] = [];
    let stderr = '';
    child.stdout.on('data', (part: Buffer) => parts.push(part));
    child.stderr.on('data', (part: Buffer) => {
      stderr += part.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    assert.deepEqual([code, stderr], [0, ''], command);
    return Buffer.concat(parts).toString().split('\n').slice(0, -1);
  };
  const [whole, timed, none, around, marked, head, terminal, piped, builds] = await Promise.all([
    shown('--raw'),
    shown('--tail 2 --timestamps'),
    run(`"$0" logs ${id} --from 3001 2>&1`),
    shown("--grep 'fatal \\d+' -i -C 1 --raw"),
    shown("--grep 'Fatal 2000|^(1002|2001|2003) ' -C 1"),
    shown('--from 2 --raw', 'head -n 2'),
    run(`script -qec "'$0' logs ${id} --tail 1" /dev/null`),
    shown('--tail 1'),
    run('"$0" builds --repository team/app --status SUCCESS'),
  ]);
  assert.deepEqual(whole, MESSAGES);
  assert.deepEqual(none, ['slipway: none of the 3000 lines of the log is asked for']);
  assert.equal(timed.length, 2);
  for (const [index, line] of timed.entries()) {
    const [, number, message] = /^ +(\d+) {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}GIT_CLONE +(.*)$/.exec(line) ?? [];
    assert.deepEqual([Number(number), message], [COUNT - 1 + index, MESSAGES[COUNT - 2 + index]]);
  }
  const expected = [1000, 2000, 3000].flatMap((hit) => MESSAGES.slice(hit - 2, hit + 1));
  assert.deepEqual(around, expected);
  const marks = marked.map((line) => /^--$|^ +\d+[:-] (?=GIT_CLONE)/.exec(line)?.[0].trim());
  assert.deepEqual(marks, ['1001-', '1002:', '1003-', '--', '1999-', '2000:', '2001:', '2002-', '2003:', '2004-']);
  assert.deepEqual(head, MESSAGES.slice(1, 3));
  // `script` gives the command a terminal of its own.
  assert.match(terminal.join('\n'), /\x1b\[2m +3000 .*\x1b\[0m {2}Fatal 3000: the roof is on fire/);
  assert.match(piped.join('\n'), /^ +3000 [^\x1b]*Fatal 3000: the roof is on fire$/);
  assert.equal(builds.length, 1);
  assert.ok(builds[0]?.includes(id) && builds[0].includes('SUCCESS') && builds[0].includes('team/app'), builds[0]);
});
