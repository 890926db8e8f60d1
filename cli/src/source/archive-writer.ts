import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

const CHUNK_BYTES = 2 ** 20;

/** Writes a file in large pieces, and measures it. */
export class ArchiveWriter {
  readonly #file: FileHandle;
  readonly #hash = createHash('sha256');
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #used = 0;
  #sizeBytes = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<ArchiveWriter> {
    return new ArchiveWriter(await open(path, 'w', 0o600));
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + CHUNK_BYTES - this.#used);
      this.#chunk.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
      if (this.#used === CHUNK_BYTES) await this.#flush();
    }
  }

  async finish(): Promise<{ sizeBytes: number; sha256: string }> {
    await this.#flush();
    return { sizeBytes: this.#sizeBytes, sha256: this.#hash.digest('hex') };
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #flush(): Promise<void> {
    const bytes = this.#chunk.subarray(0, this.#used);
    this.#hash.update(bytes);
    this.#sizeBytes += bytes.length;
    this.#used = 0;
    await this.#file.writeFile(bytes);
  }
}
