import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { startApiUnderTest } from '../../server/src/native/testing/api.ts';
import { cleanEnvironment, LAUNCHER } from '../support/slipway.ts';

/** Terminal commands that build output may contain, and how they are shown. */
const HOSTILE: readonly (readonly [message: string, shown: string])[] = [
  ['\x1b]52;c;ZXZpbA==\x07copied', '^[]52;c;ZXZpbA==^Gcopied'],
  ['\x1b[2A\x1b[2K\x1b[?1049hgone', '^[[2A^[[?1049hgone'],
  ['0%\r50%\r100% done', '100% done'],
  ['\x1b[31mred', '\x1b[31mred\x1b[0m'],
  ['still \u009b2J \u202egnp.exe', '\x1b[31mstill \\x9b2J \\u202egnp.exe\x1b[0m'],
  ['end\x1b[0m \x1b]0;no end', '\x1b[31mend\x1b[0m ^[]0;no end'],
];
const COUNT = 3000;
/** A bit of every kind of text, much of which spans the chunks in which output is written. */
const MESSAGES = Array.from({ length: COUNT }, (_, at) =>
  (at + 1) % 1000 === 0
    ? `Fatal ${at + 1}: the roof is on fire`
    : `${at + 1} é😀 ünï \x1b[1mbold\x1b[0m ${'漢'.repeat(at % 50)}`,
);

test('on a terminal, every command sends only text and colours, and off a terminal each byte is unchanged', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  await writer.write(Buffer.from(HOSTILE.map(([message]) => `${message}\n`).join('')));
  await writer.seal({ verdict: 'complete' });
  const failure = JSON.stringify({ fault: 'source', message: HOSTILE.map(([message]) => message).join(' ') });
  const commit = { commit_id: 'c\x1b[2J', commit_author: 'a\x1b]0;x\x07' };
  await api.means.db
    .updateTable('build_record')
    .set({ status: 'FAILED', ended_ms: 1, failure, ...commit })
    .execute();
  const hostileServer = createServer((_, response) => response.writeHead(502).end('\x1b]52;c;eA==\x07\x9b2J\u202e'));
  await once(hostileServer.listen(0, '127.0.0.1'), 'listening');
  t.after(() => hostileServer.close());
  const elsewhere = `--endpoint http://127.0.0.1:${(hostileServer.address() as AddressInfo).port}`;
  const env = cleanEnvironment({
    SLIPWAY_ENDPOINT: api.endpoint,
    SLIPWAY_ACCESS_KEY_ID: api.pair.accessKeyId,
    SLIPWAY_ACCESS_KEY_SECRET: api.pair.accessKeySecret,
  });
  const commands = [
    ...['logs', 'logs -f --json', 'why', 'why --json'].map((command) => `${command} ${id}`),
    `diff ${id} ${id} --json`,
    'builds',
    `builds ${elsewhere}`,
  ];
  const script = commands.map((command) => `"$0" ${command} || true`).join('\n');
  // `script` gives the commands their own terminal.
  const inShell = `bash -c '${script.replaceAll("'", "'\\''")}' '${LAUNCHER}'`;
  const onTerminal = await outputOf('script', ['-qec', inShell, '/dev/null'], env);
  const told = onTerminal.replaceAll('\r\n', '\n').replace(/\x1b\[[\d;]*m/g, '');
  assert.doesNotMatch(told, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]/);
  for (const [, shown] of HOSTILE)
    assert.ok(onTerminal.includes(`\x1b[0m  ${shown}\r\n`), `${shown} after number and stage`);
  assert.match(told, /Reason +\^\[\]52;c;ZXZpbA==\^Gcopied/);
  assert.match(told, /UnreadableReply: .*\^\[\]52;c;eA==\^G/);

  const off = await outputOf(LAUNCHER, ['logs', id, '--raw'], env);
  assert.equal(off, HOSTILE.map(([message]) => `${message}\n`).join(''));
});

test('a search without a match exits with 1, as grep does, a diff without another build says so, and a wrong clock is reported in both directions', async (t) => {
  const api = await startApiUnderTest(t);
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  await writer.line('one line');
  await writer.seal({ verdict: 'complete' });
  await api.endBuild(id);
  const env = {
    SLIPWAY_ENDPOINT: api.endpoint,
    SLIPWAY_ACCESS_KEY_ID: api.pair.accessKeyId,
    SLIPWAY_ACCESS_KEY_SECRET: api.pair.accessKeySecret,
  };
  const clockOff = (seconds: number) => {
    const now = `real.now() + ${seconds * 1000}`;
    const shifted = `class extends real { constructor(...a) { a.length ? super(...a) : super(${now}) } static now() { return ${now} } }`;
    const script = encodeURIComponent(`const real = Date; globalThis.Date = ${shifted};`);
    return { NODE_OPTIONS: `--import data:text/javascript,${script}` };
  };
  const expired = (way: string) =>
    new RegExp(
      `^slipway: InvalidTimeStamp\\.Expired: .* signed at \\S+Z, \\d{3,4} seconds ${way} this server's clock, which says \\S+Z\\. Set the clock`,
      'm',
    );
  const cases: [args: string[], more: NodeJS.ProcessEnv, code: number, says: RegExp][] = [
    [['logs', id, '--grep', 'two'], {}, 1, /^slipway: no line of the log matches "two"$/m],
    [
      ['diff', id],
      {},
      3,
      /^slipway: NO_GOOD_BUILD: No earlier build .* Name the build to compare with: slipway diff ID WITH/m,
    ],
    [['builds'], clockOff(-1000), 3, expired('behind')],
    [['builds'], clockOff(1000), 3, expired('ahead of')],
  ];
  for (const [args, more, code, says] of cases) {
    const child = spawn(LAUNCHER, args, {
      env: cleanEnvironment({ ...env, ...more }),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (part: Buffer) => {
      stderr += part.toString();
    });
    const [ended] = (await once(child, 'close')) as [number | null];
    assert.match(stderr, says, args.join(' '));
    assert.equal(ended, code, args.join(' '));
  }
});

async function outputOf(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  await once(child, 'close');
  return Buffer.concat(parts).toString();
}

test('the command line starts at the given line and says if there are none, prints messages with or without times, finds lines with marked context, colours only for a terminal, ends quietly with its reader, and lists builds', async (t) => {
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
  const [whole, timed, none, around, marked, head, terminal, plain, piped, builds, failing] = await Promise.all([
    shown('--raw'),
    shown('--tail 2 --timestamps'),
    run(`"$0" logs ${id} --from 3001 2>&1`),
    shown("--grep 'fatal \\d+' -i -C 1 --raw"),
    shown("--grep 'Fatal 2000|^(1002|2001|2003) ' -C 1"),
    shown('--from 2 --raw', 'head -n 2'),
    run(`script -qec "'$0' logs ${id} --tail 1" /dev/null`),
    run(`NO_COLOR=1 script -qec "'$0' logs ${id} --tail 1" /dev/null`),
    shown('--tail 1'),
    run('"$0" builds --repository team/app --status SUCCESS'),
    run('"$0" builds --failing --repository team/app 2>&1'),
  ]);
  assert.deepEqual(whole, MESSAGES);
  assert.deepEqual(none, ['slipway: the log has 3000 lines, of which none is selected']);
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
  // `script` gives the command its own terminal.
  assert.match(terminal.join('\n'), /\x1b\[2m +3000 .*\x1b\[0m {2}Fatal 3000: the roof is on fire/);
  assert.match(plain.join('\n'), /^ +3000 [^\x1b]*Fatal 3000: the roof is on fire\r?$/);
  assert.match(piped.join('\n'), /^ +3000 [^\x1b]*Fatal 3000: the roof is on fire$/);
  assert.deepEqual(failing, ['slipway: the latest build of no repository failed'], 'its latest build succeeded');
  assert.equal(builds.length, 1);
  assert.ok(builds[0]?.includes(id) && builds[0].includes('SUCCESS') && builds[0].includes('team/app'), builds[0]);
});
