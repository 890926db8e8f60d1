import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';

import { CliError } from '../error/cli-error.ts';
import { runDebootstrap, UNCONFINED } from './debootstrap.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const needsRoot = isRoot ? {} : { skip: 'debootstrap is run as root only' };

// A mirror needs a network, so the command is tested with a fake program of that name.
const STAND_IN = `#!/bin/sh
mkdir -p "$3/bin" "$3/var/cache/apt/archives" "$3/var/lib/apt/lists" "$3/dev"
echo package > "$3/var/cache/apt/archives/x.deb"
echo list > "$3/var/lib/apt/lists/l"
echo "$@" > "$3/arguments"
mknod "$3/dev/null" c 1 3
echo "I: Base system installed successfully."
`;

test('refuses to run without root, with the fix', async (context) => {
  const folder = await temporaryFolder(context);
  const program = join(folder, 'try.ts');
  await chmod(folder, 0o755);
  const module = JSON.stringify(join(import.meta.dirname, 'debootstrap.ts'));
  await writeFile(
    program,
    `process.getuid = () => 1000;
     const { runDebootstrap } = await import(${module});
     await runDebootstrap({ suite: 'bookworm', workFolder: '/nonexistent', onOutput() {} })
       .catch((cause) => console.log(cause.exitCode, cause.message));`,
  );
  const { stdout } = await run(process.execPath, [program]);
  assert.equal(stdout, '4 debootstrap needs root: run the command with sudo\n');
});

test('packs what debootstrap made, without the packages it downloaded', needsRoot, async (context) => {
  const folder = await temporaryFolder(context);
  await withProgram(context, folder, STAND_IN);
  const said: string[] = [];
  const archive = await runDebootstrap({
    suite: 'bookworm',
    mirror: 'http://mirror.invalid/debian',
    workFolder: folder,
    onOutput: (chunk) => said.push(chunk.toString()),
  });
  const { stdout } = await run('tar', ['-tf', archive]);
  const names = stdout.trim().split('\n');
  assert.ok(names.includes('./dev/null'));
  assert.ok(names.includes('./var/cache/apt/archives/partial/'));
  assert.ok(!names.some((name) => name.endsWith('.deb') || name.endsWith('lists/l')));
  const root = join(folder, 'root');
  const args = `--variant=minbase bookworm ${root} http://mirror.invalid/debian\n`;
  assert.equal(await readFile(join(root, 'arguments'), 'utf8'), args);
  assert.match(said.join(''), /Base system installed/);
});

test('reports the last output of a debootstrap that failed', needsRoot, async (context) => {
  const folder = await temporaryFolder(context);
  await withProgram(context, folder, '#!/bin/sh\necho "E: No such script" >&2\nexit 1\n');
  await assert.rejects(
    runDebootstrap({ suite: 'nosuch', workFolder: folder, onOutput: () => undefined }),
    failsWith(4, 'debootstrap failed (1): E: No such script'),
  );
});

test('names the package when debootstrap is not installed', needsRoot, async (context) => {
  const folder = await temporaryFolder(context);
  const programs = join(folder, 'programs');
  await mkdir(programs);
  const { stdout } = await run('sh', ['-c', 'command -v setpriv unshare sh']);
  for (const program of stdout.trim().split('\n')) await run('ln', ['-s', program, programs]);
  usePath(context, programs);
  await assert.rejects(
    runDebootstrap({ suite: 'bookworm', workFolder: folder, onOutput: () => undefined }),
    failsWith(4, 'debootstrap is not installed: apt-get install debootstrap'),
  );
});

test('ends debootstrap and everything it started when cancelled', needsRoot, async (context) => {
  const folder = await temporaryFolder(context);
  const mark = `86${process.pid}`;
  await withProgram(context, folder, `#!/bin/sh\nsetsid sleep ${mark} &\necho started\nsleep ${mark}\n`);
  const cancel = new AbortController();
  await assert.rejects(
    runDebootstrap({
      suite: 'bookworm',
      workFolder: folder,
      signal: cancel.signal,
      onOutput: () => cancel.abort(),
    }),
    failsWith(130, 'cancelled'),
  );
  assert.deepEqual(await sleepersOf(mark), []);
});

test('asks AppArmor, if present, for no profile before it starts what needs root', needsRoot, async () => {
  // A file system in place of /proc shows what the kernel would be asked. Ubuntu's profile itself exists only on
  // Ubuntu.
  const file = '/proc/self/attr/apparmor/exec';
  const asked = async (program: string[]) => {
    const script = `mount -t tmpfs none /proc && mkdir -p ${file.replace('/exec', '')} && : >${file} && "$@" cat ${file}`;
    const { stdout } = await run('unshare', [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      script,
      'sh',
      ...program,
    ]);
    return stdout;
  };
  assert.equal(await asked(['sh', '-c', UNCONFINED, 'sh']), 'exec unconfined\n');
  const boxes = join(import.meta.dirname, '../../../server/src/sandbox/box/unconfined.sh');
  assert.equal(await asked(['sh', boxes]), 'exec unconfined\n', 'and so do the boxes of builds');
  assert.equal(await asked([]), '');
});

async function sleepersOf(mark: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (command === `sleep\0${mark}\0`) found.push(pid);
  }
  return found;
}

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-debootstrap-test-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function withProgram(context: TestContext, folder: string, text: string): Promise<void> {
  const programs = join(folder, 'programs');
  await mkdir(programs);
  await writeFile(join(programs, 'debootstrap'), text, { mode: 0o755 });
  usePath(context, `${programs}:${process.env.PATH}`);
}

function usePath(context: TestContext, path: string): void {
  const before = process.env.PATH;
  process.env.PATH = path;
  context.after(() => {
    process.env.PATH = before;
  });
}

function failsWith(exitCode: number, message: string) {
  return (cause: unknown) => {
    assert.ok(cause instanceof CliError, String(cause));
    assert.deepEqual([cause.exitCode, cause.message], [exitCode, message]);
    return true;
  };
}
