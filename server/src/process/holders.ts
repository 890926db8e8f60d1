import { statSync, unlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { dirname } from 'node:path';

/**
 * What a server sends to a command that found it through its data folder (cli/src/server/hold-server.ts), as one line of JSON.
 */
export interface Greeting {
  /** Where it listens. */
  Endpoint: string;
  /** Whether it runs only as long as commands hold it. */
  Embedded: boolean;
  /**
   * Device and inode of the folder with the socket. A copy of hard links, or an overlay, has the same socket in another folder.
   */
  Folder: string;
}

/**
 * Commands that found the server of a data folder through a socket in it: only the server of this folder listens there,
 * while a file may have been copied and a port may belong to another program now. A command is greeted as soon as the
 * server is ready; the open connection shows that the server is still running. An embedded server runs as long as it
 * has such commands, or the command that started it (through its standard input). A stopping server closes the
 * connection without a message.
 */
export class Holders {
  readonly #connections = new Set<Socket>();
  readonly #left = Promise.withResolvers<void>();
  #state: 'starting' | 'ready' | 'leaving' = 'starting';
  #starterIsHere = true;
  #greeting = '';
  #folder = '';

  /** Listens on the socket `path`, and replaces one that an earlier server left. */
  static async listen(path: string): Promise<Holders> {
    const holders = new Holders();
    unlinkIfThere(path);
    const { dev, ino } = statSync(dirname(path), { bigint: true });
    holders.#folder = `${dev}:${ino}`;
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

  /** Answers waiting commands, and from now on every new one. */
  ready(greeting: Omit<Greeting, 'Folder'>): void {
    this.#state = 'ready';
    this.#greeting = `${JSON.stringify({ ...greeting, Folder: this.#folder } satisfies Greeting)}\n`;
    for (const socket of this.#connections) socket.write(this.#greeting);
  }

  /** The command that started the server has ended; returns whether the server stays for another one. */
  starterLeft(): boolean {
    this.#starterIsHere = false;
    this.#leaveIfAlone();
    return this.#connections.size > 0;
  }

  /**
   * Accepts no more commands. The socket stays, so that new commands get a clear answer. Greeted commands keep their
   * connection as long as the server answers, which is until running builds have ended.
   */
  leave(): void {
    if (this.#state === 'starting') for (const socket of this.#connections) socket.destroy();
    this.#state = 'leaving';
  }

  /** Tells all commands that the server no longer answers. */
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
    // A killed command may break its connection in any way; it only matters that it is closed.
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
