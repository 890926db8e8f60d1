import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const POLICY = '/usr/sbin/policy-rc.d';
const SAVED_POLICY = `${POLICY}.before-bench`;

/**
 * Makes sure that programs of Debian packages are installed: installs the package of a missing program, without
 * starting a service. Needs root only then.
 */
export function needPrograms(packageOf: Readonly<Record<string, string>>): void {
  const missing = Object.entries(packageOf).filter(([program]) => findProgram(program) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map(([, name]) => name))];
  if (process.getuid?.() !== 0) throw new Error(`needs root to install ${packages.join(' ')}, or install them first`);
  process.stderr.write(`installing ${packages.join(' ')}\n`);
  const hadPolicy = existsSync(POLICY);
  if (hadPolicy) renameSync(POLICY, SAVED_POLICY);
  try {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    run('apt-get', ['update', '-qq']);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  } finally {
    rmSync(POLICY, { force: true });
    if (hadPolicy) renameSync(SAVED_POLICY, POLICY);
  }
}

/** The path of a program, or undefined; PostgreSQL's server programs are not on the path of a Debian system. */
export function findProgram(program: string): string | undefined {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort().reverse() : [];
  const folders = [
    ...versions.map((version) => `/usr/lib/postgresql/${version}/bin`),
    ...(process.env.PATH ?? '').split(':'),
    '/usr/sbin',
  ];
  return folders.map((folder) => `${folder}/${program}`).find((path) => existsSync(path));
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
}
