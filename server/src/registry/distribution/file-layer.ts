import type { FileHandle } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import type { StoredLayer } from './image-storage.ts';
import { PullBlocks } from './pull-blocks.ts';

const pulls = new PullBlocks();

/** The layer that a file has, which is closed with it. */
export async function fileLayer(file: FileHandle): Promise<StoredLayer> {
  const { size } = await file.stat();
  return {
    sizeBytes: size,
    begin: async (fromByte, lengthBytes) => (client) => copy(file, fromByte, lengthBytes, client),
    close: () => file.close(),
  };
}

/**
 * Writes a part of a file to a client, and allocates nothing for its bytes beside two blocks. Ends early if the client
 * leaves. Throws if the file is shorter than it was.
 */
async function copy(file: FileHandle, start: number, length: number, client: Writable): Promise<void> {
  using blocks = pulls.take(length);
  let taken: Promise<boolean> = Promise.resolve(true);
  const end = start + length;
  for (let position = start, turn = 0; position < end; turn += 1) {
    const block = blocks.pair[turn % 2] as Buffer;
    const { bytesRead } = await file.read(block, 0, Math.min(block.length, end - position), position);
    if (bytesRead === 0) throw new Error(`the file ends after ${position} of ${end} bytes`);
    // The other block is free again once the client's socket took it.
    if (!(await taken)) return;
    taken = write(client, block.subarray(0, bytesRead));
    position += bytesRead;
  }
  await taken;
}

/** False if the client is gone. */
function write(client: Writable, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    if (client.destroyed) return resolve(false);
    const left = () => resolve(false);
    client.once('close', left);
    client.write(bytes, (error) => {
      client.removeListener('close', left);
      resolve(!error);
    });
  });
}
