import type { Logger } from 'pino';
import type { MemoryFolder } from '#data-folder/memory-folder.ts';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import type { Holders } from '#process/holders.ts';
import { VERSION } from '#process/version.ts';
import type { StartedHelper } from '#sandbox/client/start-helper.ts';
import type { RunningServer } from './server.ts';

/** A server that is ready, and what ends with it. */
interface LiveServer {
  readonly server: RunningServer;
  /** Undefined if the server runs no builds. */
  readonly helper: StartedHelper | undefined;
  /** The lock of the data folder. */
  readonly lock: Disposable;
  /** The data folder, if it ends with the server. */
  readonly memory: MemoryFolder | undefined;
  readonly holders: Holders;
  readonly logger: Logger;
  /** Where the port can be reached. */
  readonly url: string;
  readonly nodeId: string;
  /** A command started the server, which ends when no command uses it any more. */
  readonly embedded: boolean;
  /** How long running builds may continue after a signal. */
  readonly drainMs: number;
  /** Called if the server cannot be closed. */
  onFault(error: unknown): void;
}

// The message of an embedded server to the command that started it (cli/src/server/embedded-server.ts).
const STAYS = 'slipway stays for another command\n';

/**
 * Says on standard output that the server is ready, and ends the process in order: on a signal, when the helper or the registry
 * died, or when the last command has left an embedded server.
 */
export function beginLife({
  server,
  helper,
  lock,
  memory,
  holders,
  logger,
  url,
  nodeId,
  embedded,
  drainMs,
  onFault,
}: LiveServer): void {
  let stopping: Promise<void> | undefined;
  let helperIsClosed = false;
  const stop = (exitCode: number, graceMs: number) => {
    if (stopping) server.hurry();
    else logger.info('the server stops; running builds may end first');
    // Another server still answers commands while builds end; their connections close with its port.
    if (embedded) holders.leave();
    stopping ??= server
      .close(graceMs)
      .catch((error: unknown) => {
        if (!isDatabaseUnavailable(error)) throw error;
        logger.error('the server ends while its database is away; its next start ends what is left');
      })
      .then(() => {
        helperIsClosed = true;
        return helper?.close();
      })
      .then(() => lock[Symbol.dispose]())
      .then(() => memory?.remove())
      .then(() => process.exit(exitCode));
    stopping.catch(onFault);
  };
  process.on('SIGTERM', () => stop(0, drainMs));
  process.on('SIGINT', () => stop(0, drainMs));
  helper?.child.once('close', () => {
    if (helperIsClosed) return;
    if (stopping) logger.fatal('the sandbox helper ended while the server stops; builds that still run are ended');
    else logger.fatal('the sandbox helper ended; start the server again');
    stop(4, 0);
  });
  void server.registryDied.then((how) => {
    // No build can push its image any more.
    if (stopping) logger.fatal(how, 'the registry ended while the server stops; builds that still run are ended');
    else logger.fatal(how, 'the registry ended; start the server again');
    stop(4, 0);
  });
  const place = memory && `its data, with the key pair in root.json, is in ${memory.folder} until it ends\n`;
  logger.info({ version: VERSION, url, node: nodeId }, 'the server is ready');
  process.stdout.write(`slipway listening on ${url}\n${place ?? ''}`);
  holders.ready({ Endpoint: url, Embedded: embedded });
  if (!embedded) return;
  // A killed starter no longer reads this.
  process.stdout.on('error', () => undefined);
  process.stdin.once('close', () => holders.starterLeft() && process.stdout.write(STAYS)).resume();
  void holders.allLeft.then(() => stop(0, 0));
}
