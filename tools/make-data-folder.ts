/*
 * `node tools/make-data-folder.ts FILE`: makes the data folder of this version that later versions must open, as a compressed backup
 * (test/data-folder/fixtures/VERSION.tar.gz). It has builds that succeeded and failed, an image, a user, a secret, a build rule and
 * a lifecycle rule. Run it once for each release, as root on a machine that can build.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

/** The server removes what is left of a deleted repository every second. */
const DELETED_WITHIN_MS = 5000;
const LAUNCHER = join(import.meta.dirname, '..', 'slipway');
const [, , given] = process.argv;
if (given === undefined) throw new Error('usage: node tools/make-data-folder.ts FILE.tar.gz');
const file = resolve(given);
const folder = mkdtempSync(join(tmpdir(), 'slipway-data-folder-'));
const data = join(folder, 'data');
const server = spawn(LAUNCHER, ['serve', '--data', data, '--listen', '127.0.0.1:0'], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
try {
  // Its ready line.
  await once(server.stdout, 'data');
  // An image of one small file, and a build that fails.
  const source = join(folder, 'app');
  mkdirSync(source);
  writeFileSync(join(source, 'Dockerfile'), 'FROM scratch\nCOPY greeting /greeting\n');
  writeFileSync(join(source, 'greeting'), 'hello from an earlier version\n');
  run('build', source, '--tag', 'team/app:v1');
  run('tag', 'team/app:v1', 'latest');
  writeFileSync(join(source, 'Dockerfile'), 'FROM scratch\nCOPY missing /\n');
  run('build', source, '--tag', 'team/app:v2');
  run('ram', 'user', 'create', 'reader');
  run('secret', 'set', 'TOKEN', '--file', join(source, 'greeting'));
  run('lifecycle', 'add', 'team/app', '--keep', '10');
  // The image that every server has is a megabyte, and tests nothing more.
  const instance = (JSON.parse(readFileSync(join(data, 'root.json'), 'utf8')) as { InstanceId: string }).InstanceId;
  run('call', 'DeleteRepository', `InstanceId=${instance}`, 'RepoNamespaceName=library', 'RepoName=busybox');
  await sleep(DELETED_WITHIN_MS);
  run('gc', '--keep-hours', '0');
  const backup = join(folder, 'backup.tar');
  run('backup', backup, '--with-secrets-key');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, gzipSync(readFileSync(backup), { level: 9 }));
} finally {
  server.kill();
  await once(server, 'close');
  rmSync(folder, { recursive: true, force: true });
}

/** A command; the build that must fail is one of them. */
function run(...args: string[]): void {
  process.stdout.write(`slipway ${args.join(' ')}\n`);
  try {
    process.stdout.write(
      execFileSync(LAUNCHER, args, { env: { ...process.env, SLIPWAY_DATA: data }, encoding: 'utf8' }),
    );
  } catch (error) {
    if (args.at(-1) !== 'team/app:v2') throw error;
  }
}
