import type { DiskFile } from '../disk/disk.ts';
import { failpoint } from '../disk/failpoint.ts';
import { DamagedLog } from '../format/damaged-log.ts';
import { encodeCounts } from '../format/log-counts.ts';
import { FILE_HEADER_BYTES, HOT_MAGIC, RECORD } from '../format/record.ts';
import { readRecords } from '../format/record-reader.ts';
import { decodeRun, encodeRun, type Run } from '../format/run.ts';
import { type HotScan, type ScannedRun, scanHotLog } from './hot-scan.ts';
import { type JournalBatch, type JournalLog, refusalOf } from './journal.ts';
import { LineIndex } from './line-index.ts';

/** A running log in hot.ndjson and hot.idx (docs/log-format.md). */
export class LocalLog implements JournalLog {
  lineCount = 0;
  textBytes = 0;
  readonly lines = new LineIndex();
  onGrowth: () => void = () => undefined;
  readonly #text: DiskFile;
  readonly #index: DiskFile;
  #indexBytes = FILE_HEADER_BYTES;
  /** Why nothing can be appended, at the moment or for good. */
  #refusal: string | undefined;

  constructor(text: DiskFile, index: DiskFile) {
    this.#text = text;
    this.#index = index;
  }

  async append(batch: JournalBatch): Promise<void> {
    const refusal = this.#refusal ?? refusalOf(this, batch);
    if (refusal !== undefined) throw new Error(`the batch is refused: ${refusal}`);
    this.#refusal = 'another batch is being written, or has failed';
    failpoint('append.beforeWrite');
    const counts = batch.counts === undefined ? [] : [encodeCounts(batch.counts)];
    const records = batch.runs.map(encodeRun);
    // Both files are opened so that a write is durable when it resolves. If one fails, the other is still awaited: a
    // write in progress must not meet a closed file.
    const results = await Promise.allSettled([
      this.#text.write(batch.text, batch.offsetBytes).then(() => failpoint('append.afterWrite')),
      this.#index.write([...counts, ...records], this.#indexBytes),
    ]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    failpoint('append.afterSync');
    for (const { length } of counts) this.#indexBytes += length;
    batch.runs.forEach((run, position) => {
      const at = this.#indexBytes;
      this.admit(run, at, at + (records[position]?.length ?? 0));
    });
    this.#refusal = undefined;
    this.onGrowth();
  }

  read(target: Uint8Array, offsetBytes: number): number {
    return this.#text.read(target, offsetBytes);
  }

  *runs(recordBytes: number): Generator<Run> {
    for (const record of readRecords(this.#index, HOT_MAGIC, recordBytes, this.#indexBytes)) {
      if (!('type' in record)) throw new DamagedLog(`hot.idx is damaged at byte ${record.at}`);
      const run = record.type === RECORD.run ? decodeRun(record.payload) : undefined;
      if (run !== undefined) yield run;
    }
  }

  close(): void {
    this.refuse('the log is closed');
    this.#text.close();
    this.#index.close();
  }

  /** Reads all of its files; see `scanHotLog`. */
  scan(): Generator<ScannedRun, HotScan> {
    return scanHotLog(this.#text, this.#index);
  }

  /** Accepts nothing more from here on, for this reason. */
  refuse(reason: string): void {
    this.#refusal = reason;
  }

  /** The run is on disk, and its record is at `at` to `endAt` of hot.idx. */
  admit(run: Run, at: number, endAt: number): void {
    this.lines.add(run, at, endAt);
    this.lineCount = run.firstLine + run.lineCount - 1;
    this.textBytes = run.offsetBytes + run.lengthBytes;
    this.#indexBytes = endAt;
  }

  /** Records other than runs may follow the last one. */
  skipToIndexEnd(): void {
    this.#indexBytes = this.#index.sizeBytes();
  }
}
