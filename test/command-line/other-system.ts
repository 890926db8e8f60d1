/**
 * Loaded before the command line (`node --import`), this makes the process believe that it runs on the system in
 * `SLIPWAY_TEST_PLATFORM`, and ends it if it uses Linux-only features: programs other than Git, socket files, the
 * kernel's folders, Unix user ids.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

const platform = process.env.SLIPWAY_TEST_PLATFORM ?? '';
Object.defineProperty(process, 'platform', { value: platform });
if (platform === 'win32')
  for (const name of ['getuid', 'geteuid', 'getgid', 'getegid', 'getgroups', 'setuid', 'setgid', 'umask'])
    Reflect.deleteProperty(process, name);

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'])
  refuse(childProcess, name, (program) => program !== 'git');
for (const target of [fs, fs.promises])
  for (const name of Object.keys(target))
    refuse(target, name, (path) => typeof path === 'string' && /^\/(proc|run|sys|dev)(\/|$)/.test(path));
refuse(Socket.prototype, 'connect', (target) => typeof target === 'string' || isLocalSocket(target));
syncBuiltinESMExports();

function isLocalSocket(target: unknown): boolean {
  const [options = target] = Array.isArray(target) ? (target as unknown[]) : [];
  return typeof options === 'object' && options !== null && typeof (options as { path?: unknown }).path === 'string';
}

function refuse(target: object, name: string, isLinuxOnly: (first: unknown) => boolean): void {
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== 'function' || /^[A-Z]/.test(name)) return;
  const refusing = function (this: unknown, ...args: unknown[]): unknown {
    if (!isLinuxOnly(args[0])) return Reflect.apply(original, this, args);
    process.stderr.write(`${name} ${String(args[0])} works only on Linux\n`);
    return process.exit(99);
  };
  Reflect.set(target, name, Object.assign(refusing, original));
}
