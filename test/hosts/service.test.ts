import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { atEnd, LAUNCHER, summaryValue } from '../support/slipway.ts';

const run = promisify(execFile);
const skip =
  process.getuid?.() !== 0
    ? 'needs root, for systemd-nspawn'
    : !existsSync('/usr/bin/systemd-nspawn') || !existsSync('/lib/systemd/systemd')
      ? 'needs systemd and systemd-nspawn, of Debian’s packages systemd and systemd-container'
      : false;
const ENDPOINT = 'http://127.0.0.1:8720';

test('slipway install starts a service under a real systemd: it stays up, restarts, is upgraded and removed', {
  skip,
}, async (t) => {
  const machine = await bootMachine(t);
  const isActive = async () => (await machine.end('systemctl', 'is-active', 'slipway')).stdout.trim();
  const version = async () => (await machine.run('readlink', '/opt/slipway/current')).trim();
  const pid = async () => (await machine.run('systemctl', 'show', '--property=MainPID', '--value', 'slipway')).trim();

  await machine.run(LAUNCHER, 'install');
  // The command ends when the server is ready.
  const instance = await machine.run('curl', '-s', `${ENDPOINT}/healthz`);
  assert.match(instance, /"InstanceId"/);
  assert.equal(await isActive(), 'active');
  const journal = () => machine.run('journalctl', '--unit', 'slipway', '--no-pager');
  while (!/slipway listening on http/.test(await journal())) await sleep(200);
  assert.match(
    await machine.run('sh', '-c', 'grep ^Uid: /proc/$(systemctl show -P MainPID slipway)/status'),
    /\t[1-9]/,
  );
  const client = ['env', 'SLIPWAY_DATA=/var/lib/slipway/data', '/usr/local/bin/slipway'];
  assert.equal(await machine.run(...client, 'builds', '--json'), '');

  await t.test('it builds an image, with the restrictions of its unit', async () => {
    const built = await machine.run(...client, 'build', '/opt/slipway/current/examples/hello');
    assert.equal(summaryValue(built, 'Status'), 'SUCCESS', built);
    assert.match(await machine.run(...client, 'doctor'), /^this machine can build$/m);
  });

  await t.test('it starts with the machine, and again after it was killed, with the same data', async () => {
    assert.equal((await machine.run('systemctl', 'is-enabled', 'slipway')).trim(), 'enabled');
    const killed = await pid();
    await machine.run('kill', '-KILL', killed);
    while ((await pid()) === killed || (await isActive()) !== 'active') await sleep(200);
    await answers(machine);
    assert.equal(await machine.run('curl', '-s', `${ENDPOINT}/healthz`), instance);
  });

  await t.test('installing again runs the new code, and keeps the old and the data', async () => {
    const [before, old] = [await pid(), await version()];
    await machine.run(LAUNCHER, 'install');
    assert.equal(await machine.run('curl', '-s', `${ENDPOINT}/healthz`), instance);
    assert.notEqual(await pid(), before);
    assert.equal(await version(), `${old}-2`);
    assert.match(await machine.run('ls', '/opt/slipway'), new RegExp(`^${old}$`, 'm'));
  });

  await t.test('a wrong setting ends it once, with the mistake in the journal', async () => {
    await machine.run('sh', '-c', `echo '{"listen":"nowhere"}' >/etc/slipway/slipway.json`);
    await machine.end('systemctl', 'restart', 'slipway');
    while ((await isActive()) !== 'failed') await sleep(200);
    const restarts = await machine.run('systemctl', 'show', '-P', 'NRestarts', 'slipway');
    assert.ok(Number(restarts) <= 1, 'only the kill restarted it');
    while (!/listen.*nowhere/.test(await journal())) await sleep(200);
    const installed = await machine.end(LAUNCHER, 'install');
    assert.match(installed.stderr, /^slipway: systemctl restart slipway failed; journalctl -u slipway shows why$/m);
  });

  await t.test('uninstall stops and removes it, and keeps the data', async () => {
    await machine.run('/usr/local/bin/slipway', 'uninstall');
    assert.match(await isActive(), /inactive|failed/);
    assert.match((await machine.end('systemctl', 'cat', 'slipway')).stderr, /No files found/);
    assert.match(await machine.run('ls', '/var/lib/slipway/data'), /root\.json/);
  });
});

interface Machine {
  /** Runs a program in it; returns its output. */
  run(...command: string[]): Promise<string>;
  end(...command: string[]): Promise<{ stdout: string; stderr: string }>;
}

async function answers(machine: Machine): Promise<void> {
  while (!/"InstanceId"/.test((await machine.end('curl', '-s', '-m', '5', `${ENDPOINT}/healthz`)).stdout))
    await sleep(200);
}

/**
 * Boots a machine with the files of this one, of which it changes none, and a network of its own. Like a machine, and
 * unlike systemd's containers, it may change its control groups and has keyrings and loop devices: builds need them.
 */
async function bootMachine(t: TestContext): Promise<Machine> {
  const folder = mkdtempSync('/var/tmp/slipway-service-');
  const root = join(folder, 'root');
  for (const name of ['root', 'upper', 'work', 'upper/etc']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'upper/etc/machine-id'), '');
  const layers = `lowerdir=/,upperdir=${folder}/upper,workdir=${folder}/work`;
  execFileSync('mount', ['-t', 'overlay', '-o', layers, 'slipway-test', root]);
  // Of this machine's own installation, if it has one, and its data, the booted one sees nothing.
  for (const place of ['var/lib/slipway/data', 'etc/slipway', 'opt/slipway'])
    rmSync(join(root, place), { recursive: true, force: true });
  const args = ['--directory', root, '--boot', '--register=no', '--keep-unit', '--private-network'];
  const more = ['--link-journal=no', '--console=pipe', '--capability=all', `--machine=slipway-test-${process.pid}`];
  const binds = ['/var/lib/slipway/builder', '/dev/loop-control', '/dev/net/tun'].map((place) => `--bind=${place}`);
  const own = [...more, '--system-call-filter=@keyring bpf', ...binds];
  const child = spawn('systemd-nspawn', [...args, ...own], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'close');
  const childrenFile = `/proc/${child.pid}/task/${child.pid}/children`;
  const init = () => (child.exitCode === null ? readFileSync(childrenFile, 'utf8').trim().split(' ')[0] : undefined);
  atEnd(t, async () => {
    const first = init();
    // All of its processes end with its first.
    if (first) process.kill(Number(first), 'SIGKILL');
    await ended;
    execFileSync('umount', [root]);
    rmSync(folder, { recursive: true });
  });
  const end = async (...command: string[]) => {
    const entered = ['--target', init() ?? '', '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--'];
    return run('nsenter', [...entered, ...command]).catch((error: { stdout: string; stderr: string }) => error);
  };
  for (;;) {
    assert.equal(child.exitCode, null, 'systemd-nspawn ended');
    const state = init() ? (await end('systemctl', 'is-system-running')).stdout : '';
    if (/^(running|degraded)/.test(state ?? '')) break;
    await sleep(300);
  }
  const machine: Machine = {
    end,
    run: async (...command) => {
      const ended = await end(...command);
      assert.ok(!(ended instanceof Error), `${command.join(' ')}: ${ended.stdout}${ended.stderr}`);
      return ended.stdout;
    },
  };
  await machine.run('sh', '-c', LIKE_A_MACHINE);
  return machine;
}

const LIKE_A_MACHINE = `set -eu
for place in $(grep '^cgroup /' /proc/self/mounts | cut -d ' ' -f 2); do mount -o remount,bind,rw "$place"; done
for number in $(seq 0 255); do [ -e /dev/loop$number ] || mknod /dev/loop$number b 7 $number; done
`;
