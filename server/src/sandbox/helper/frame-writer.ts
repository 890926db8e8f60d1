import type { Socket } from 'node:net';
import { encodeFrame } from '../protocol/frame.ts';

/** Writes frames to a client. It keeps nothing beyond the socket's high-water mark if its callers wait for room. */
export class FrameWriter {
  readonly #socket: Socket;
  #room: Promise<void> | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Returns whether there is room for more. Without a reader there is nobody to wait for: the data is dropped. */
  write(type: number, ...parts: Buffer[]): boolean {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writable) return true;
    socket.cork();
    for (const part of encodeFrame(type, ...parts)) socket.write(part);
    socket.uncork();
    return !socket.writableNeedDrain;
  }

  /** Resolves when there is room, or the reader is gone. */
  async room(): Promise<void> {
    const socket = this.#socket;
    if (socket.destroyed || !socket.writableNeedDrain) return;
    this.#room ??= new Promise<void>((done) => {
      const onRoom = (): void => {
        socket.off('drain', onRoom).off('close', onRoom);
        this.#room = undefined;
        done();
      };
      socket.on('drain', onRoom).on('close', onRoom);
    });
    return this.#room;
  }
}
