import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const TOOLS =
  'addgroup adduser apk apt-get apt-mark bun bundle cargo composer corepack dnf dotnet go gradle java make mix mvn npm php-fpm pip pnpm poetry python ' +
  'update-ca-certificates uv uvx xcaddy yarn';
const USERS = [
  'root:0',
  'nobody:65534',
  'www-data:33',
  'node:1500',
  'bun:1500',
  'app:1500',
  'nginx:1500',
  'gradle:1500',
];

/**
 * The tar of an image with busybox, the users that base images have, and a replacement for each package manager and
 * compiler.
 */
export function makeBaseTree(): Buffer {
  const tree = mkdtempSync(join(tmpdir(), 'slipway-base-'));
  try {
    for (const folder of [
      'bin',
      'etc',
      'root',
      'tmp',
      'proc',
      'dev',
      'sys',
      'var',
      'usr/bin',
      'usr/local/bin',
      'home',
      'web-vault',
      'docker-entrypoint-initdb.d',
    ])
      mkdirSync(join(tree, folder), { recursive: true });
    chmodSync(join(tree, 'tmp'), 0o1777);
    copyFileSync('/bin/busybox', join(tree, 'bin/busybox'));
    for (const applet of execFileSync('/bin/busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n'))
      if (applet !== 'busybox') symlinkSync('/bin/busybox', join(tree, 'bin', applet));
    copyFileSync(join(import.meta.dirname, 'dockerfiles/tool.sh'), join(tree, 'usr/bin/tool'));
    chmodSync(join(tree, 'usr/bin/tool'), 0o755);
    for (const tool of TOOLS.split(' ')) {
      rmSync(join(tree, 'bin', tool), { force: true });
      symlinkSync('/usr/bin/tool', join(tree, 'bin', tool));
    }
    const passwd = USERS.map((user) => user.split(':')).map(
      ([name, id]) => `${name}:x:${id}:${id}::/home/${name}:/bin/sh\n`,
    );
    writeFileSync(join(tree, 'etc/passwd'), passwd.join(''));
    writeFileSync(join(tree, 'etc/group'), USERS.map((user) => `${user.replace(':', ':x:')}:\n`).join(''));
    writeFileSync(join(tree, 'etc/shadow'), USERS.map((user) => `${user.split(':')[0]}:!:::::::\n`).join(''));
    writeFileSync(join(tree, 'web-vault/index.html'), 'a page\n');
    return tarOf(tree);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

const SOURCE: Record<string, string> = Object.fromEntries(
  [
    'package.json package-lock.json yarn.lock .yarnrc.yml .yarn/releases/yarn.cjs bun.lock src/index.js src/App.csproj scripts/init.sql',
    'requirements.txt pyproject.toml uv.lock go.mod go.sum VERSION cmd/app/main.go contrib/tool.go Cargo.toml Cargo.lock pom.xml',
    'composer.json composer.lock Gemfile Gemfile.lock mix.exs mix.lock README.md config/server.yml docker/root/usr/bin/entrypoint',
    'docker/root/etc/motd .build/linux-amd64/server dist/linux/amd64/proxy',
  ]
    .join(' ')
    .split(' ')
    .map((path) => [path, `${path}\n`]),
);

/** Writes the source that all the Dockerfiles use. */
export function writeSource(folder: string): void {
  for (const [path, text] of Object.entries(SOURCE)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(join(folder, 'scripts/start.sh'), '#!/bin/sh\necho started\n', { mode: 0o755 });
  const unpacked = mkdtempSync(join(tmpdir(), 'slipway-dist-'));
  try {
    mkdirSync(join(unpacked, 'bin'));
    writeFileSync(join(unpacked, 'bin/kc.sh'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(folder, 'dist.tar'), tarOf(unpacked));
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

function tarOf(folder: string): Buffer {
  const options = ['--sort=name', '--owner=0', '--group=0', '--mtime=@0'];
  return execFileSync('tar', ['-C', folder, ...options, '-cf', '-', '.'], { maxBuffer: 64 * 2 ** 20 });
}
