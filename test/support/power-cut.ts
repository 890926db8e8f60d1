import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

import { checkAcknowledged, saidIn } from '../../logbook/src/testing/killed.ts';

const DEVICE_BYTES = 256 * 1024 * 1024;
const RUN_MS = 800;
const LOG_CHILD = join(import.meta.dirname, '../../logbook/src/testing/append-until-killed.ts');
// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: anything not on the device now is lost. The program waits for a
// line before it cuts.
const SHUTDOWN = `import fcntl, os, struct, sys
disk = os.open(sys.argv[1], os.O_RDONLY)
print('ready', flush=True)
sys.stdin.readline()
fcntl.ioctl(disk, 0x8004587d, struct.pack('I', 2))`;
const ROWS_CHILD = `const { DatabaseSync } = require('node:sqlite'); const { writeSync } = require('node:fs');
const database = new DatabaseSync(process.argv[1]);
database.exec('pragma journal_mode = wal; pragma synchronous = full; create table if not exists line (id integer primary key)');
const insert = database.prepare('insert into line values (?)');
for (let id = 1; ; id += 1) { insert.run(id); writeSync(1, id + '\\n'); }`;

/** Why power cannot be cut here, or false if it can. */
export const noPowerToCut: string | false =
  process.getuid?.() === 0 && existsSync('/dev/loop-control')
    ? false
    : 'needs root and loop devices to make its own disk';

/**
 * One process writes logs and another writes SQLite rows on an ext4 file system. Cuts its power at a random moment, and
 * compares what is left with what the processes reported. Throws at the first acknowledged line, or committed row, that
 * is missing.
 */
export async function powerCutCycle(
  chance: () => number,
): Promise<{ acknowledgedLines: number; committedRows: number }> {
  await using undo = new AsyncDisposableStack();
  const disk = makeDisk(undo);
  mkdirSync(join(disk.mounted, 'logs'));
  execFileSync('sync', ['-f', disk.mounted]);
  const logs = start(undo, [LOG_CHILD, join(disk.mounted, 'logs')]);
  const rows = start(undo, ['-e', ROWS_CHILD, join(disk.mounted, 'rows.sqlite')]);
  const cutPower = await readyToCut(undo, disk.mounted);
  await Promise.all([logs.spoke, rows.spoke]);
  await sleep(chance() * RUN_MS);
  // Reports after this moment are ignored: the kernel sometimes lets a sync succeed that was interrupted by the cut,
  // when a machine without power would report nothing.
  const [said, lastRow] = [saidIn(logs.said()), Number(rows.said().split('\n').at(-2))];
  await cutPower();
  const [saidAtLast] = await Promise.all([logs.kill(), rows.kill()]);
  for (const [logId, { removal }] of saidIn(saidAtLast)) {
    const log = said.get(logId);
    // A removal that started before the cut may be complete, although it was not reported in time.
    if (log !== undefined && removal !== undefined) log.removal ??= 'begun';
  }
  disk.again();
  const acknowledgedLines = await checkAcknowledged(join(disk.mounted, 'logs'), said, 'a power cut');
  const committedRows = checkRows(join(disk.mounted, 'rows.sqlite'), lastRow);
  return { acknowledgedLines, committedRows };
}

/** Returns a function that cuts the power of a disk at once, and resolves when it is cut. */
async function readyToCut(undo: AsyncDisposableStack, mounted: string): Promise<() => Promise<void>> {
  const child = spawn('python3', ['-c', SHUTDOWN, mounted], { stdio: ['pipe', 'pipe', 'inherit'] });
  undo.defer(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return async () => {
    const ended = once(child, 'close');
    child.stdin.end('\n');
    assert.deepEqual(await ended, [0, null]);
  };
}

interface Child {
  spoke: Promise<unknown>;
  said: () => string;
  kill: () => Promise<string>;
}

/** Starts a process that reports durable data on stdout; `kill` ends it and returns its output. */
function start(undo: AsyncDisposableStack, args: readonly string[]): Child {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  undo.defer(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const closed = once(child, 'close');
  const kill = async (): Promise<string> => {
    child.kill('SIGKILL');
    await closed;
    return output;
  };
  return { spoke: Promise.race([once(child.stdout, 'data'), closed]), said: () => output, kill };
}

interface TestDisk {
  mounted: string;
  again: () => void;
}

/** Makes an ext4 file system on a loop device. */
function makeDisk(undo: AsyncDisposableStack): TestDisk {
  const folder = mkdtempSync(join(tmpdir(), 'power-cut-'));
  let image = join(folder, 'image');
  const mounted = join(folder, 'mounted');
  let isMounted = false;
  const mount = (): void => {
    execFileSync('mount', ['-o', 'loop', image, mounted]);
    isMounted = true;
  };
  const unmount = (): void => {
    // Lazy unmount: if the test failed, a child may still have files open.
    if (isMounted) execFileSync('umount', ['--lazy', mounted]);
    isMounted = false;
  };
  const remove = (): void => {
    unmount();
    rmSync(folder, { recursive: true, force: true });
  };
  undo.defer(remove);
  writeFileSync(image, '');
  truncateSync(image, DEVICE_BYTES);
  execFileSync('mkfs.ext4', ['-q', '-F', image]);
  mkdirSync(mounted);
  mount();
  const again = (): void => {
    unmount();
    // Uses a copy: a mount namespace made in between may keep the dead file system alive, and that one would be mounted
    // again.
    execFileSync('cp', ['--sparse=always', image, `${image}-after`]);
    image = `${image}-after`;
    mount();
  };
  return { mounted, again };
}

function checkRows(path: string, lastRow: number): number {
  const database = new DatabaseSync(path);
  const row = database.prepare('select count(*) as count, max(id) as last from line').get();
  database.close();
  const { count, last } = row as { count: number; last: number };
  assert.ok(last >= lastRow && count === last, `${count} rows up to ${last} of ${lastRow}`);
  return lastRow;
}
