import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, globSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { atEnd, type Ended, ROOT, type Scope } from '../support/slipway.ts';
import { baseSystem } from './base-system.ts';
import { copyNetworkSettings } from './network-settings.ts';

/** Properties of a fresh machine. */
export interface MachinePlan {
  suite: 'bookworm' | 'trixie';
  /** Whether the distribution's Node and npm are installed before the first command. */
  node: 'own' | 'none';
  /** Who runs the commands, and whether sudo asks for a password at a terminal. */
  user: 'root' | 'sudo' | 'sudo with a password';
  umask: '022' | '077';
}

/** A machine on which nobody has run Slipway. */
export interface FreshMachine {
  /** The folder of its files. */
  readonly root: string;
  /** Runs a command in a clone of this checkout, as the user. */
  run(command: string): Promise<Ended>;
}

const NAME = 'slipway-hosts';
const PASSWORD = 'a-password-of-a-test';
/** Far longer than any command takes: a command that hangs is reported as such, and the next machines still run. */
const LIMIT_MINUTES = 30;

/** Makes a machine; its files, processes, mounts and control groups are removed with the test. */
export async function freshMachine(t: Scope, plan: MachinePlan): Promise<FreshMachine> {
  const base = await baseSystem(plan.suite);
  await sweep();
  const folder = mkdtempSync(`/var/tmp/${NAME}-${process.pid}-`);
  // Not all at once: another machine runs at the same time.
  atEnd(t, () => rm(folder, { recursive: true, force: true }));
  const root = join(folder, 'root');
  await promisify(execFile)('cp', ['-a', base, root]);
  const inRoot = (...command: string[]) => execFileSync('chroot', [root, ...command], { stdio: 'pipe' });
  inRoot('useradd', '--create-home', '--shell', '/bin/bash', 'dev');
  copyNetworkSettings(root, ['root', 'home/dev']);
  writeFileSync(join(root, 'etc/sudoers.d/dev'), `dev ALL=(ALL) ${plan.user === 'sudo' ? 'NOPASSWD: ' : ''}ALL\n`);
  execFileSync('chroot', [root, 'chpasswd'], { input: `dev:${PASSWORD}\n` });
  const name = plan.user === 'root' ? 'root' : 'dev';
  putSource(root, name);
  copyFileSync(join(import.meta.dirname, 'terminal.pl'), join(root, 'srv/terminal.pl'));

  const group = `${NAME}-${process.pid}-${randomUUID().slice(0, 8)}`;
  atEnd(t, () => removeGroups(group));
  const enter = [
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
    'sh',
    join(import.meta.dirname, 'fresh-machine.sh'),
    root,
    group,
  ];
  // Its own name: it shares this machine's network, and so the names of abstract sockets.
  const clone = group;
  const home = name === 'root' ? '/root' : '/home/dev';
  const script = `set -a; . /etc/environment; set +a; umask ${plan.umask}; cd ${home}; [ -e ${clone} ] || git clone --quiet /srv/source ${clone} || exit; cd ${clone}; `;
  const start = (command: string): Promise<Ended> => {
    writeFileSync(join(root, 'srv/command'), `${script}${command}\n`);
    if (plan.user === 'root') return ended([...enter, 'sh', '/srv/command']);
    if (plan.user === 'sudo') return ended([...enter, 'su', '-', 'dev', '-c', 'sh /srv/command']);
    const session = "su - dev --session-command='sh /srv/command'";
    return ended([...enter, 'perl', '/srv/terminal.pl', 'sh', '-c', session], PASSWORD);
  };
  const title = Object.values(plan).join(', ');
  if (plan.node === 'own') {
    const install =
      'export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm';
    const { code, stdout, stderr } = await told(
      title,
      'install nodejs and npm',
      ended([...enter, 'sh', '-c', install]),
    );
    if (code !== 0) throw new Error(`nodejs and npm of ${plan.suite} could not be installed:\n${stdout}${stderr}`);
  }
  return { root, run: (command) => told(title, command, start(command)) };
}

/** Prints at once how a command ended, because the tests of a machine take minutes. */
async function told(title: string, command: string, end: Promise<Ended>): Promise<Ended> {
  const sinceMs = performance.now();
  const result = await end;
  const seconds = Math.round((performance.now() - sinceMs) / 1000);
  process.stderr.write(`${title}: ${command.split('\n')[0]}: ${result.code} after ${seconds} s\n`);
  return result;
}

/** This checkout, including uncommitted changes, as a repository that belongs to the user. */
function putSource(root: string, owner: string): void {
  const git = (...args: string[]) => execFileSync('git', ['-C', ROOT, ...args], { encoding: 'utf8' }).trim();
  const commit = git('stash', 'create') || git('rev-parse', 'HEAD');
  const source = join(root, 'srv/source');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', source]);
  git('push', '--quiet', source, `${commit}:refs/heads/main`);
  execFileSync('chroot', [root, 'chown', '-R', `${owner}:`, '/srv/source']);
}

/** Runs it to its end; enters `password` whenever asked. */
async function ended([program = '', ...args]: string[], password?: string): Promise<Ended> {
  const child = spawn(program, args, { stdio: [password === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  let [stdout, stderr, asked] = ['', '', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    asked = (asked + text).slice(-1000);
    if (password === undefined || !asked.includes('assword for ')) return;
    asked = '';
    child.stdin?.write(`${password}\n`);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const patience = setTimeout(() => {
    stderr += `\nit has not ended in ${LIMIT_MINUTES} minutes\n`;
    end();
  }, LIMIT_MINUTES * 60_000);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(patience);
  process.off('exit', end);
  return { code, stdout, stderr };
}

/** Removes leftovers of a killed run. */
async function sweep(): Promise<void> {
  const left = globSync([`/var/tmp/${NAME}-*`, `/sys/fs/cgroup/{,*/}${NAME}-*`]).filter((path) => {
    const pid = new RegExp(`/${NAME}-(\\d+)-[^/]*$`).exec(path)?.[1];
    return pid !== undefined && !existsSync(`/proc/${pid}`);
  });
  for (const path of left.filter((path) => path.startsWith('/var/'))) await rm(path, { recursive: true, force: true });
  for (const path of left.filter((path) => path.startsWith('/sys/'))) await removeGroups(basename(path));
}

/** The kernel is ending its processes, which takes a moment. */
async function removeGroups(name: string): Promise<void> {
  const groups = globSync(`/sys/fs/cgroup/{,*/}${name}`);
  const remove = ['-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'];
  for (let attempt = 0; groups.some((group) => existsSync(group)) && attempt < 50; attempt += 1) {
    spawnSync('find', [...groups, ...remove], { stdio: 'ignore' });
    await sleep(100);
  }
}
