import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram } from '@slipway/program';
import { childEnvironment } from '#settings/config.ts';

const PAUSE_MS = 1000;

/**
 * Tells systemd that its service is ready, so that `systemctl start` and what comes after the service can rely on it. `socket` is
 * where systemd listens (`NOTIFY_SOCKET`). A busy systemd may not have read the message when the program that sends it gives up, and
 * then does not believe it: it is sent again. Throws if systemd cannot be told.
 */
export async function notifyReady(socket: string, attempts = 30): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const failure = await sendReady(socket);
    if (failure === undefined) return;
    if (attempt >= attempts) throw new Error(failure);
    await sleep(PAUSE_MS);
  }
}

/** Returns why it was not received; undefined if systemd has read it. */
async function sendReady(socket: string): Promise<string | undefined> {
  const environment = childEnvironment({ NOTIFY_SOCKET: socket });
  const program = await startProgram({ command: 'systemd-notify', args: ['--ready'], environment });
  let words = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-1000);
  });
  program.stdin.end();
  program.stdout.resume();
  const code = await program.closed;
  return code === 0 ? undefined : `systemd-notify --ready ended with ${code}: ${words.trim()}`;
}
