import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../logbook/src/testing/logbook.ts';
import { openStarter, type ProgramToStart, startProgram } from './start-program.ts';

const PATH = '/usr/local/bin:/usr/bin:/bin';
const ODD = ['', "it's", '$HOME `id` "x" \\n', 'two\nlines', '*', '-n', 'é😀', '; exit 1 &'];

async function run(program: Partial<ProgramToStart>, input = '') {
  const started = await startProgram({ command: 'sh', args: [], environment: { PATH }, ...program });
  started.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([text(started.stdout), text(started.stderr), started.closed]);
  return { stdout, stderr, code };
}

test('a program gets its arguments, environment, folder and input unchanged, and returns its output and exit code', async (t) => {
  const folder = join(realpathSync(temporaryFolder(t)));
  const input = ODD.join('');
  const environment = { PATH, ...Object.fromEntries(ODD.map((value, at) => [`VALUE_${at}`, value])) };
  const args = ['-c', 'cat; pwd; printf "%s\\0" "$@"; env -0; echo words >&2; exit 7', 'sh', ...ODD];
  const { stdout, ...end } = await run({ args, environment, folder }, input);
  assert.deepEqual(end, { stderr: 'words\n', code: 7 });
  const variables = Object.entries({ ...environment, PWD: folder }).map((entry) => entry.join('='));
  const [first, ...rest] = stdout.slice(0, -1).split('\0');
  assert.equal(first, `${input}${folder}\n${ODD[0]}`);
  assert.deepEqual(rest.slice(0, ODD.length - 1), ODD.slice(1));
  assert.deepEqual(rest.slice(ODD.length - 1).sort(), variables.sort());
});

test('programs that run in parallel have separate streams', async () => {
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, at) => run({ command: 'cat' }, `${at}`.repeat(50_000))),
  );
  assert.deepEqual(
    results.map(({ stdout }) => stdout === `${stdout[0]}`.repeat(50_000) && stdout[0]),
    ['0', '1', '2', '3', '4', '5', '6', '7'],
  );
});

test('a missing command or folder is reported with a message, and a NUL is refused', async () => {
  const missing = await run({ command: 'no-such-program' });
  assert.equal(missing.code, 127);
  assert.match(missing.stderr, /no-such-program: not found/);
  assert.match((await run({ folder: '/no/such/folder' })).stderr, /\/no\/such\/folder/);
  await assert.rejects(run({ args: ['a\0b'] }), /start sh: an argument contains a NUL/);
});

test('a killed program ends with 137, and its input is closed', async () => {
  const started = await startProgram({ command: 'sleep', args: ['600'], environment: { PATH } });
  started.stdout.resume();
  started.stderr.resume();
  started.kill();
  assert.equal(await started.closed, 137);
  assert.ok(started.hasEnded() && started.stdin.destroyed);
  started.kill();
});

const onLinux = { skip: process.platform !== 'linux' && '/proc tells what runs' };

test('if the shell is killed, its programs end and are reported lost, and the next program runs', onLinux, async () => {
  const started = await startProgram({ command: 'sh', args: ['-c', 'while :; do :; done'], environment: { PATH } });
  const shell = groupOf(started.pid);
  process.kill(shell, 'SIGKILL');
  await assert.rejects(started.closed, /the shell that starts programs ended/);
  await gone(started.pid);
  assert.equal((await run({ command: 'cat' }, 'again')).stdout, 'again');
});

test(
  'if only the subshell that waits for a program is killed, the program ends and is reported lost, and the next one runs',
  onLinux,
  async () => {
    const started = await startProgram({ command: 'sh', args: ['-c', 'while :; do :; done'], environment: { PATH } });
    process.kill(parentOf(started.pid), 'SIGKILL');
    await assert.rejects(started.closed, /the shell that starts programs ended/);
    assert.ok(started.hasEnded());
    await gone(started.pid);
    assert.equal((await run({ command: 'cat' }, 'again')).stdout, 'again');
  },
);

test('if the folder of its pipes was removed, the next program still runs', onLinux, async () => {
  const folder = (await run({ args: ['-c', 'readlink /proc/$PPID/cwd'] })).stdout.trim();
  assert.match(folder, /slipway-programs-/);
  rmSync(folder, { recursive: true });
  const both = await Promise.all(['one', 'two'].map((text) => run({ command: 'cat' }, text)));
  assert.deepEqual(
    both.map(({ stdout }) => stdout),
    ['one', 'two'],
  );
});

test('nothing that was started outlives a killed process, even if it reads nothing', onLinux, async (t) => {
  const script = `
    import { startProgram } from '${import.meta.dirname}/start-program.ts';
    const shell = (script) => startProgram({ command: 'sh', args: ['-c', script], environment: { PATH: '${PATH}' } });
    const spinning = await shell('while :; do :; done');
    const { stdout } = await shell('readlink /proc/$PPID/cwd');
    stdout.on('data', (folder) => console.log(spinning.pid, String(folder)));
  `;
  const server = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => server.kill('SIGKILL'));
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  const [spinning = '', folder = ''] = line.toString().trim().split(' ');
  const shell = groupOf(Number(spinning));
  assert.match(folder, /slipway-programs-/);
  server.kill('SIGKILL');
  await gone(shell);
  await gone(Number(spinning));
  assert.equal(existsSync(folder), false);
});

test('the first starter forks another one, whose programs and folder end with it', onLinux, async () => {
  const starter = await openStarter();
  const script = 'readlink /proc/$PPID/cwd; while :; do :; done';
  const spinning = await starter.start({ command: 'sh', args: ['-c', script], environment: { PATH } });
  const [folder] = (await once(spinning.stdout, 'data')) as [Buffer];
  const shell = starter.pid ?? 0;
  assert.equal(groupOf(spinning.pid), shell);
  assert.notEqual(parentOf(shell), process.pid);
  spinning.stderr.resume();
  starter.close();
  await assert.rejects(spinning.closed, /the shell that starts programs ended/);
  for (const pid of [spinning.pid, shell]) await gone(pid);
  assert.equal(existsSync(String(folder).trim()), false);
  assert.equal((await run({ command: 'cat' }, 'again')).stdout, 'again');
});

test('a start without free file descriptors is reported as failed, and the next program runs', onLinux, async () => {
  const script = `
    import { closeSync, openSync } from 'node:fs';
    import { prepareToStart, startProgram } from '${import.meta.dirname}/start-program.ts';
    prepareToStart();
    const files = [];
    try {
      for (;;) files.push(openSync('/dev/null'));
    } catch (error) {
      if (error.code !== 'EMFILE') throw error;
    }
    for (let free = 0; free < 2; free += 1) closeSync(files.pop());
    const cat = () => startProgram({ command: 'cat', args: [], environment: { PATH: '${PATH}' } });
    const failed = await cat().catch((error) => error.code);
    for (const file of files) closeSync(file);
    const { stdin, stdout } = await cat();
    stdout.pipe(process.stdout);
    stdin.end(String(failed));
  `;
  const args = ['-c', 'ulimit -n 60; exec "$@"', 'sh', process.execPath, '--input-type=module', '--eval', script];
  const { stdout, stderr } = await run({ args });
  assert.deepEqual([stdout, stderr], ['EMFILE', '']);
});

/** A process that ended may still be listed until its parent has asked for its end. */
async function gone(pid: number): Promise<void> {
  for (let waits = 0; stateOf(pid) !== undefined && stateOf(pid) !== 'Z'; waits += 1) {
    assert.ok(waits < 3000, `process ${pid} still runs`);
    await sleep(20);
  }
}

function statOf(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ');
  } catch {
    return undefined;
  }
}

function stateOf(pid: number): string | undefined {
  return statOf(pid)?.[0];
}

function parentOf(pid: number): number {
  const parent = Number(statOf(pid)?.[1]);
  assert.ok(parent > 1, `process ${pid} has ended`);
  return parent;
}

/** The process group of a program is that of its shell, whose leader the shell is. */
function groupOf(pid: number): number {
  const group = Number(statOf(pid)?.[2]);
  assert.ok(group > 1, `process ${pid} has ended`);
  return group;
}
