import { LF } from '../format/stored-line.ts';
import { LINE_ENDS_MODULE } from './line-ends.gen.ts';

const COMMA = 0x2c;
const SCRATCH_BYTES = 256 * 1024;

/** The parts of WebAssembly used here, which TypeScript declares only for browsers. */
declare const WebAssembly: {
  Module: new (bytes: Buffer) => object;
  Instance: new (module: object) => { exports: LineEnds };
};

/** What line-ends.wat exports. */
interface LineEnds {
  memory: { buffer: ArrayBuffer };
  passLines(at: number, end: number, count: number, by: number): number;
}

const lineEnds = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(LINE_ENDS_MODULE, 'base64'))).exports;

/**
 * Pages are cut in this buffer and then copied: reads up to its size share it, because new memory for each read made a page twice as slow. It is WebAssembly memory:
 * WebAssembly finds line ends seven times as fast.
 */
export const scratch = Buffer.from(lineEnds.memory.buffer, 0, SCRATCH_BYTES);

/**
 * Cuts `lineCount` lines out of whole lines of NDJSON, after skipping `skipLines`, and joins them by commas in place. Throws if
 * there are fewer.
 */
export function cutPage(text: Buffer, skipLines: number, lineCount: number): Buffer {
  const passLines = text.buffer === scratch.buffer ? passInScratch : passAnywhere;
  const start = passLines(text, 0, skipLines, LF);
  const end = start === -1 ? -1 : passLines(text, start, lineCount, COMMA);
  if (end === -1) throw new Error('the log holds fewer lines here than its index says');
  return text.subarray(start, end - 1);
}

/** The position after `count` line ends from `at` on, each of which becomes the byte `by`; -1 if there are fewer. */
function passAnywhere(text: Buffer, at: number, count: number, by: number): number {
  let place = at;
  for (let passed = 0; passed < count; passed += 1) {
    const end = text.indexOf(LF, place);
    if (end === -1) return -1;
    text[end] = by;
    place = end + 1;
  }
  return place;
}

/** The same for a text at the beginning of `scratch`. */
function passInScratch(text: Buffer, at: number, count: number, by: number): number {
  return lineEnds.passLines(at, text.length, count, by);
}
