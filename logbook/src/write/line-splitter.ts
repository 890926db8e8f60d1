import { LF } from '../format/stored-line.ts';

/** Receives a line's text. `continued` means that it did not end at LF. */
export type TakeLine = (message: string, continued: boolean) => void;

const CR = 13;
/** The most bytes of JSON for one byte of input: a control character becomes `\u001b`. */
const WORST_GROWTH = 6;

/**
 * Splits a stream of bytes into lines, independent of how it is split into chunks.
 *
 * A line ends at LF or CRLF, or where its message would take more than `messageLimitBytes` of JSON (quotes not counted).
 * Bytes that are not UTF-8 become U+FFFD. A CR elsewhere is a character like any other. It holds at most one unfinished line.
 */
export class LineSplitter {
  #pending = Buffer.allocUnsafe(1024);
  #pendingBytes = 0;
  /** Below this many pending bytes the limit cannot have been reached: no need to measure. */
  #measureAtBytes = 0;

  /** Whether `flush` would pass on bytes of an unfinished line. */
  get hasPending(): boolean {
    return this.#pendingBytes > this.#undecidedBytes();
  }

  push(chunk: Buffer, messageLimitBytes: number, take: TakeLine): void {
    let start = 0;
    for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, start)) {
      let line = chunk.subarray(start, lf);
      if (this.#pendingBytes > 0) {
        this.#hold(line);
        line = this.#pending.subarray(0, this.#pendingBytes);
      }
      this.#pendingBytes = 0;
      this.#measureAtBytes = 0;
      endLine(line, messageLimitBytes, take);
      start = lf + 1;
    }
    if (start < chunk.length) {
      this.#hold(chunk.subarray(start));
      this.#shed(messageLimitBytes, take);
    }
  }

  /**
   * Passes on the bytes held of an unfinished line. Keeps those that may be the beginning of a character or of a CRLF,
   * unless it is the end (`all`).
   */
  flush(all: boolean, messageLimitBytes: number, take: TakeLine): void {
    const keepBytes = all ? 0 : this.#undecidedBytes();
    const end = this.#pendingBytes - keepBytes;
    const text = this.#pending.toString('utf8', 0, end);
    for (let start = 0; start < text.length; ) {
      const fit = fitting(text, start, messageLimitBytes);
      take(text.slice(start, fit.end), true);
      start = fit.end;
    }
    this.#pending.copyWithin(0, end, this.#pendingBytes);
    this.#pendingBytes = keepBytes;
    this.#measureAtBytes = 0;
  }

  #hold(bytes: Buffer): void {
    const needBytes = this.#pendingBytes + bytes.length;
    if (needBytes > this.#pending.length) {
      const larger = Buffer.allocUnsafe(needBytes * 2);
      this.#pending.copy(larger, 0, 0, this.#pendingBytes);
      this.#pending = larger;
    }
    this.#pending.set(bytes, this.#pendingBytes);
    this.#pendingBytes = needBytes;
  }

  #shed(messageLimitBytes: number, take: TakeLine): void {
    if (this.#pendingBytes * WORST_GROWTH <= messageLimitBytes || this.#pendingBytes < this.#measureAtBytes) return;
    const undecided = this.#undecidedBytes();
    const text = this.#pending.toString('utf8', 0, this.#pendingBytes - undecided);
    let start = 0;
    let fit = fitting(text, start, messageLimitBytes);
    for (; fit.end < text.length; fit = fitting(text, start, messageLimitBytes)) {
      take(text.slice(start, fit.end), true);
      start = fit.end;
    }
    if (start > 0) {
      const tail = Buffer.from(this.#pending.subarray(this.#pendingBytes - undecided, this.#pendingBytes));
      this.#pendingBytes = this.#pending.write(text.slice(start), 0, 'utf8');
      this.#hold(tail);
    }
    this.#measureAtBytes = this.#pendingBytes + Math.floor((messageLimitBytes - fit.jsonBytes) / WORST_GROWTH);
  }

  /** Bytes at the end that may belong to a CRLF or to a character whose rest has not arrived. */
  #undecidedBytes(): number {
    const last = this.#pendingBytes - 1;
    if (last < 0) return 0;
    if (this.#pending[last] === CR) return 1;
    for (let back = 1; back <= 3 && back <= this.#pendingBytes; back += 1) {
      const byte = this.#pending[this.#pendingBytes - back] ?? 0;
      if (byte < 0x80) return 0;
      if (byte >= 0xc0) return sequenceBytes(byte) > back ? back : 0;
    }
    return 0;
  }
}

function endLine(bytes: Buffer, messageLimitBytes: number, take: TakeLine): void {
  const end = bytes[bytes.length - 1] === CR ? bytes.length - 1 : bytes.length;
  const text = bytes.toString('utf8', 0, end);
  let start = 0;
  if (end * WORST_GROWTH > messageLimitBytes) {
    for (let fit = fitting(text, 0, messageLimitBytes); fit.end < text.length; ) {
      take(text.slice(start, fit.end), true);
      start = fit.end;
      fit = fitting(text, start, messageLimitBytes);
    }
  }
  take(start === 0 ? text : text.slice(start), false);
}

/** The end of a message that begins at `start`, within the limit, in whole characters and with at least one. */
function fitting(text: string, start: number, limitBytes: number): { end: number; jsonBytes: number } {
  let jsonBytes = 0;
  let at = start;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    const size = jsonSize(code);
    if (jsonBytes + size > limitBytes && at > start) break;
    jsonBytes += size;
    at += code > 0xffff ? 2 : 1;
  }
  return { end: at, jsonBytes };
}

/** The bytes of JSON.stringify's form of a character, in UTF-8. */
function jsonSize(code: number): number {
  if (code < 0x20) return code === 8 || code === 9 || code === 10 || code === 12 || code === 13 ? 2 : 6;
  if (code < 0x80) return code === 0x22 || code === 0x5c ? 2 : 1;
  if (code < 0x800) return 2;
  return code > 0xffff ? 4 : 3;
}

function sequenceBytes(lead: number): number {
  if (lead >= 0xf5) return 0;
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}
