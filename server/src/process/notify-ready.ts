import { startProgram } from '@slipway/program';
import { childEnvironment } from '#settings/config.ts';

/**
 * Tells systemd that its service is ready, so that `systemctl start` and what comes after the service can rely on it. `socket` is
 * where systemd listens (`NOTIFY_SOCKET`). Throws if systemd cannot be told.
 */
export async function notifyReady(socket: string): Promise<void> {
  const environment = childEnvironment({ NOTIFY_SOCKET: socket });
  const program = await startProgram({ command: 'systemd-notify', args: ['--ready'], environment });
  let words = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-1000);
  });
  program.stdin.end();
  program.stdout.resume();
  const code = await program.closed;
  if (code !== 0) throw new Error(`systemd-notify --ready ended with ${code}: ${words.trim()}`);
}
