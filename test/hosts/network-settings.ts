import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES = ['/etc/resolv.conf', '/etc/apt/auth.conf', '/etc/apt/auth.conf.d', '/usr/local/share/ca-certificates'];
const PROXIES = /^(https?|no|all)_proxy$/i;

/** Gives a fresh machine this machine's settings for fetching packages: names, proxies, authorities, registries. */
export function copyNetworkSettings(root: string, homes: readonly string[]): void {
  for (const file of FILES) {
    if (existsSync(file)) cpSync(file, join(root, file), { recursive: true, dereference: true });
  }
  writeFileSync(join(root, 'etc/hosts'), `${read('/etc/hosts')}\n127.0.0.1 fresh\n`);
  const acquire = execFileSync('apt-config', ['dump', '--no-empty', 'Acquire'], { encoding: 'utf8' });
  const lines = acquire.split('\n').filter((line) => /^Acquire::https?(::[^ ]*)? "/.test(line));
  writeFileSync(join(root, 'etc/apt/apt.conf.d/90host'), `${lines.join('\n')}\n`);
  const proxies = Object.entries(process.env).filter(([name]) => PROXIES.test(name));
  appendFileSync(join(root, 'etc/environment'), proxies.map(([name, value]) => `${name}=${value}\n`).join(''));
  for (const home of homes) {
    mkdirSync(join(root, home), { recursive: true });
    writeFileSync(join(root, home, '.npmrc'), npmSettings(), { mode: 0o644 });
  }
  execFileSync('chroot', [root, 'update-ca-certificates'], { stdio: 'ignore' });
}

/** Settings of the machine, the user and the environment, in order of precedence. */
function npmSettings(): string {
  const files = ['globalconfig', 'userconfig'].map((name) => {
    try {
      return read(execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim());
    } catch {
      // This machine has no npm, and so no npm settings.
      return '';
    }
  });
  const given = Object.entries(process.env).flatMap(([name, value]) => {
    const setting = /^npm_config_(registry|cafile|https?_proxy|proxy|noproxy)$/i.exec(name)?.[1];
    return setting === undefined ? [] : [`${setting.toLowerCase().replaceAll('_', '-')}=${value}`];
  });
  return `${[...files, ...given].join('\n')}\n`;
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
