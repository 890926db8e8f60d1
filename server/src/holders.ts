import { unlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

/**
 * What an embedded server lives for: the command that started it, by its standard input, and every other command that found it,
 * by a connection to a socket of the data folder. Such a command is answered `stay` as soon as the server is ready, and
 * keeps it from then on until the connection closes. A server that is leaving closes the connection without a word: the
 * command then starts one of its own.
 */
export class Holders {
  readonly #connections = new Set<Socket>();
  readonly #left = Promise.withResolvers<void>();
  #state: 'starting' | 'ready' | 'leaving' = 'starting';
  #starterIsHere = true;

  /** Listens on the socket `path`; one that an earlier server left behind is replaced. */
  static async listen(path: string): Promise<Holders> {
    const holders = new Holders();
    unlinkIfThere(path);
    await new Promise<void>((resolve, reject) => {
      const listener = createServer((socket) => holders.#take(socket));
      listener
        .once('error', reject)
        .listen(path, () => resolve())
        .unref();
    });
    return holders;
  }

  /** Resolves once nobody is left. */
  get allLeft(): Promise<void> {
    return this.#left.promise;
  }

  /** Answers who waits, and from now on whoever comes. */
  ready(): void {
    this.#state = 'ready';
    for (const socket of this.#connections) socket.write(STAY);
  }

  /** The command that started the server has ended; gives whether the server stays for another one. */
  starterLeft(): boolean {
    this.#starterIsHere = false;
    this.#leaveIfAlone();
    return this.#connections.size > 0;
  }

  /** Takes nobody any more, and tells those that are here. The socket stays, so that who comes now is not left guessing. */
  leave(): void {
    this.#state = 'leaving';
    for (const socket of this.#connections) socket.destroy();
  }

  #take(socket: Socket): void {
    if (this.#state === 'leaving') {
      socket.destroy();
      return;
    }
    this.#connections.add(socket);
    // A command that was killed may break its connection in any way; what counts is that it is closed.
    socket.on('error', () => undefined).resume();
    socket.once('close', () => {
      this.#connections.delete(socket);
      this.#leaveIfAlone();
    });
    if (this.#state === 'ready') socket.write(STAY);
  }

  #leaveIfAlone(): void {
    if (!this.#starterIsHere && this.#connections.size === 0) this.#left.resolve();
  }
}

const STAY = 'stay\n';

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
