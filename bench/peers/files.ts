import { closeSync, createReadStream, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { constants, createGunzip, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

const LF = 10;
const COMMA = 0x2c;
const FRAME_BYTES = 128 * 1024;

/** Gitea's design for finished logs: zstd frames of 128 KiB that inflate independently, and an offset per line. */
export class ZstdFrames {
  readonly #fd: number;
  /** Where each line begins in the text. */
  readonly #lineStarts: Float64Array;
  /** Where each frame begins in the file. */
  readonly #frameStarts: number[];

  private constructor(fd: number, lineStarts: Float64Array, frameStarts: number[]) {
    this.#fd = fd;
    this.#lineStarts = lineStarts;
    this.#frameStarts = frameStarts;
  }

  /** Writes an NDJSON file with that many lines as frames, and opens them. */
  static make(ndjsonPath: string, path: string, lineCount: number): ZstdFrames {
    const source = openSync(ndjsonPath, 'r');
    const target = openSync(path, 'w+');
    const lineStarts = new Float64Array(lineCount + 1);
    const frameStarts = [0];
    const buffer = Buffer.alloc(FRAME_BYTES);
    let line = 0;
    let at = 0;
    for (let size = readSync(source, buffer, 0, FRAME_BYTES, 0); size > 0; ) {
      const text = buffer.subarray(0, size);
      for (let lf = text.indexOf(LF); lf !== -1; lf = text.indexOf(LF, lf + 1)) lineStarts[++line] = at + lf + 1;
      const frame = zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
      writeSync(target, frame);
      frameStarts.push((frameStarts.at(-1) ?? 0) + frame.length);
      at += size;
      size = readSync(source, buffer, 0, FRAME_BYTES, at);
    }
    closeSync(source);
    return new ZstdFrames(target, lineStarts, frameStarts);
  }

  /** The page's JSON objects joined by commas. */
  page(offset: number): Buffer {
    const last = Math.min(offset + 100, this.#lineStarts.length - 1);
    const from = this.#lineStarts[offset] ?? 0;
    const to = this.#lineStarts[last] ?? 0;
    const first = Math.floor(from / FRAME_BYTES);
    const frames: Buffer[] = [];
    for (let frame = first; frame * FRAME_BYTES < to; frame += 1) {
      const start = this.#frameStarts[frame] ?? 0;
      const stored = Buffer.allocUnsafe((this.#frameStarts[frame + 1] ?? 0) - start);
      readSync(this.#fd, stored, 0, stored.length, start);
      frames.push(zstdDecompressSync(stored, { chunkSize: FRAME_BYTES }));
    }
    const text = Buffer.concat(frames).subarray(from - first * FRAME_BYTES, to - first * FRAME_BYTES - 1);
    for (let lf = text.indexOf(LF); lf !== -1; lf = text.indexOf(LF, lf + 1)) text[lf] = COMMA;
    return text;
  }

  get sizeBytes(): number {
    return fstatSync(this.#fd).size + this.#lineStarts.length * 8;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** The design of a plain blob store: reads the gzip file from its start to the page, and stops after it. */
export async function pageFromStart(gzipPath: string, offset: number): Promise<Buffer> {
  const source = createReadStream(gzipPath, { highWaterMark: 256 * 1024 });
  const text = source.pipe(createGunzip({ chunkSize: 256 * 1024 }));
  let line = 0;
  const parts: Buffer[] = [];
  try {
    for await (const chunk of text as AsyncIterable<Buffer>) {
      let start = line >= offset ? 0 : -1;
      let end = chunk.length;
      for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, lf + 1)) {
        line += 1;
        if (line === offset) start = lf + 1;
        if (line === offset + 100) {
          end = lf;
          break;
        }
      }
      if (start !== -1) parts.push(chunk.subarray(start, end));
      if (line >= offset + 100) break;
    }
  } finally {
    source.destroy();
    text.destroy();
  }
  const page = Buffer.concat(parts);
  for (let lf = page.indexOf(LF); lf !== -1; lf = page.indexOf(LF, lf + 1)) page[lf] = COMMA;
  return page;
}
