import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { say } from '../output/say.ts';

/**
 * Makes sure that a server started by this command can become root for its sandboxes. sudo may ask for a password at
 * the terminal; it then trusts only the processes of this terminal. Returns whether the server has to be one of them.
 * Throws `CliError` if nobody can be asked.
 */
export function needsTerminal(): boolean {
  if (process.getuid?.() === 0) return false;
  // Asked without a terminal: if it succeeds here, it succeeds anywhere.
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
 * Starts a program in a process group of its own, as `timeout` does, but without a time limit: Ctrl-C at the terminal
 * does not reach it, and it still belongs to the terminal.
 */
export const ASIDE = ['timeout', '0'];

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return true;
  } catch {
    // This session has no terminal.
    return false;
  }
}
