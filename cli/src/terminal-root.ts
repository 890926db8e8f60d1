import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { CliError, EXIT_CODES } from './cli-error.ts';
import { say } from './say.ts';

/**
 * Sees to it that a server which this command starts gets root for its sandboxes. sudo may ask for a password at the
 * terminal; it then believes the processes of this terminal alone. Returns whether the server has to be one of them. Throws
 * `CliError` where nobody can be asked.
 */
export function needsTerminal(): boolean {
  if (process.getuid?.() === 0) return false;
  // Asked from where no terminal is: what passes here passes anywhere.
  if (spawnSync('setsid', ['--wait', 'sudo', '-n', 'true'], { stdio: 'ignore' }).status === 0) return false;
  if (hasTerminal()) {
    say('builds need root for their sandboxes, through sudo');
    if (spawnSync('sudo', ['-v'], { stdio: 'inherit' }).status === 0) return true;
  }
  throw new CliError(
    EXIT_CODES.machine,
    'builds need root for their sandboxes, and this user cannot get it here: run this as root, or at a terminal where sudo can ask for a password, or let the user use sudo without a password',
  );
}

/**
 * Starts a program in a process group of its own, as `timeout` does, here without a time: Ctrl-C at the terminal does not
 * reach it, and it is still one of the terminal's.
 */
export const ASIDE = ['timeout', '0'];

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return true;
  } catch {
    // No terminal belongs to this session.
    return false;
  }
}
