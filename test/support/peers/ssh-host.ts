import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd, temporaryFolder } from '../slipway.ts';

/** OpenSSH's server over loopback, with the repositories in a folder. */
export interface SshHost {
  /** `ssh://root@127.0.0.1:PORT/FOLDER`; repositories are below it, as `NAMESPACE/NAME.git`. */
  baseUrl: string;
  /** A private key that it accepts. */
  keyFile: string;
  /** Its host key, in the format of a known hosts file. */
  knownHostsFile: string;
  /** `SHA256:…` of the private key. */
  fingerprint: string;
}

/** Why it cannot start here, for the test runner's `skip`; false if it can. */
export const skipSsh: string | false = process.getuid?.() === 0 ? false : 'sshd needs root, and this user is not';

/** Makes a key pair; returns the private key file. */
export function makeSshKey(folder: string, name: string): string {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file], { stdio: 'pipe' });
  return file;
}

/** The fingerprint of a key file. */
export function fingerprintOf(file: string): string {
  return execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

/**
 * Serves the repositories in `folder`, with one sshd per connection. `look` is a shell command that runs as root before
 * git, to see what is visible while a clone runs.
 */
export async function startSshHost(t: TestContext, folder: string, options: { look?: string } = {}): Promise<SshHost> {
  const own = temporaryFolder(t);
  const [hostKey, keyFile] = [makeSshKey(own, 'host-key'), makeSshKey(own, 'clone-key')];
  const [config, command] = [join(own, 'sshd_config'), join(own, 'command')];
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  writeFileSync(command, `#!/bin/sh\n${options.look ?? ':'}\nexec sh -c "$SSH_ORIGINAL_COMMAND"\n`, { mode: 0o755 });
  writeFileSync(
    config,
    [
      `HostKey ${hostKey}`,
      `AuthorizedKeysFile ${keyFile}.pub`,
      `ForceCommand ${command}`,
      'PermitRootLogin yes',
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      // Without PAM, sshd refuses users whose password is locked.
      `UsePAM ${/^root:!/m.test(readFileSync('/etc/shadow', 'utf8')) ? 'yes' : 'no'}`,
      'AcceptEnv GIT_PROTOCOL',
      '',
    ].join('\n'),
  );
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    const child = spawn('/usr/sbin/sshd', ['-i', '-e', '-f', config], { stdio: [socket, socket, 'ignore'] });
    child.on('exit', () => socket.destroy());
    atEnd(t, () => child.kill('SIGKILL'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  atEnd(t, () => server.close());
  const { port } = server.address() as AddressInfo;
  const knownHostsFile = join(own, 'known_hosts');
  const [type, key] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ');
  writeFileSync(knownHostsFile, `[127.0.0.1]:${port} ${type} ${key}\n`);
  const baseUrl = `ssh://root@127.0.0.1:${port}${folder}`;
  return { baseUrl, keyFile, knownHostsFile, fingerprint: fingerprintOf(keyFile) };
}
