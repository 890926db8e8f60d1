import { unlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';

/** What a server says to a command that found it by its data folder (cli/src/hold-server.ts), as one line of JSON. */
export interface Greeting {
  /** Where it listens. */
  Endpoint: string;
  /** Whether it lives only as long as commands hold it. */
  Embedded: boolean;
}

/**
 * Commands that found the server of a data folder, by a connection to a socket in it: only the server of this very folder
 * listens there, while a file may have been copied and a port may be another's by now. A command is greeted as soon as the
 * server is ready, and sees by the connection that the server is still there. An embedded server lives for them, and for the
 * command that started it, by its standard input. A server that is leaving closes the connection without a word.
 */
export class Holders {
  readonly #connections = new Set<Socket>();
  readonly #left = Promise.withResolvers<void>();
  #state: 'starting' | 'ready' | 'leaving' = 'starting';
  #starterIsHere = true;
  #greeting = '';

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
  ready(greeting: Greeting): void {
    this.#state = 'ready';
    this.#greeting = `${JSON.stringify(greeting)}\n`;
    for (const socket of this.#connections) socket.write(this.#greeting);
  }

  /** The command that started the server has ended; gives whether the server stays for another one. */
  starterLeft(): boolean {
    this.#starterIsHere = false;
    this.#leaveIfAlone();
    return this.#connections.size > 0;
  }

  /**
   * Takes nobody any more: the socket stays, so that who comes now is not left guessing. Those that were greeted see by their
   * connection when the server answers no more; until then it does, as what runs is seen to its end.
   */
  leave(): void {
    if (this.#state === 'starting') for (const socket of this.#connections) socket.destroy();
    this.#state = 'leaving';
  }

  /** Tells all that the server does not answer any more. */
  end(): void {
    this.leave();
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
    if (this.#state === 'ready') socket.write(this.#greeting);
  }

  #leaveIfAlone(): void {
    if (!this.#starterIsHere && this.#connections.size === 0) this.#left.resolve();
  }
}

function unlinkIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
