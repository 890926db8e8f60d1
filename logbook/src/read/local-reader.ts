import { Readable } from 'node:stream';
import { type Answer, withAnswer } from '../format/answer.ts';
import type { Page } from '../format/page.ts';
import type { RunRow } from '../format/run-table.ts';
import type { TextSlice } from '../format/text-slice.ts';
import type { Log, LogState } from './log-reader.ts';
import type { OpenLog } from './open-log.ts';

const DEFAULT_PAGE_LINES = 100;
/** Most readers need the runs of one page; those that go on get more at once. */
const RUNS_AT_ONCE = { first: 64, most: 1024 };
const READ_BYTES = 256 * 1024;

/** What a reader of an open log needs. */
interface LocalReaderMeans {
  /** The log, opened if necessary; throws if there is none. It may have been sealed or closed since the last read. */
  get(): Answer<OpenLog>;
  signal: AbortSignal | undefined;
}

/** A log that is open on this machine. Answers at once, unless it is sealed and in a store elsewhere. */
export class LocalReader implements Log {
  readonly #means: LocalReaderMeans;

  constructor(means: LocalReaderMeans) {
    this.#means = means;
  }

  reach(): Answer<LogState> {
    return withAnswer(this.#log(), (log) => log.state);
  }

  page(offset: number, limit = DEFAULT_PAGE_LINES): Answer<Page> {
    const log = this.#log();
    return log instanceof Promise ? log.then((opened) => opened.page(offset, limit)) : log.page(offset, limit);
  }

  textFrom(fromLine: number): Answer<TextSlice> {
    const log = this.#log();
    return log instanceof Promise ? log.then((opened) => opened.textFrom(fromLine)) : log.textFrom(fromLine);
  }

  async *runs(fromLine = 1, toLine = Number.MAX_SAFE_INTEGER): AsyncGenerator<RunRow[], void> {
    let limit = RUNS_AT_ONCE.first;
    for (let line = fromLine; line <= toLine; ) {
      const rows = (await this.#log()).runs(line, toLine, limit);
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows;
      line = last.firstLine + last.lineCount;
      limit = Math.min(4 * limit, RUNS_AT_ONCE.most);
    }
  }

  whenMore(afterLine: number, wake: () => void): Disposable {
    const log = this.#log();
    return log instanceof Promise ? whenOpen(log, afterLine, wake) : log.whenMore(afterLine, wake);
  }

  async *text(fromByte: number, toByte: number): AsyncGenerator<Buffer, void> {
    for (let at = fromByte; at < toByte; ) {
      const log = await this.#log();
      const part = await log.read(at, Math.min(READ_BYTES, toByte - at));
      if (part.length === 0) throw new Error(`the log ${log.logId} ends at byte ${at}, before byte ${toByte}`);
      yield part;
      at += part.length;
    }
  }

  archive(fromByte: number, toByte: number): Readable {
    const log = this.#log();
    if (!(log instanceof Promise)) return archiveOf(log, fromByte, toByte);
    const later = async function* () {
      yield* archiveOf(await log, fromByte, toByte) as AsyncIterable<Buffer>;
    };
    return Readable.from(later(), { objectMode: false });
  }

  #log(): Answer<OpenLog> {
    this.#means.signal?.throwIfAborted();
    return this.#means.get();
  }
}

function archiveOf({ logId, sealed }: OpenLog, fromByte: number, toByte: number): Readable {
  if (sealed === undefined) throw new Error(`the log ${logId} is not sealed, so it has no archive`);
  return fromByte >= toByte ? Readable.from([]) : sealed.archive(fromByte, toByte);
}

/** Waits for a log that is being opened. If it cannot be opened, the next read says why. */
function whenOpen(opening: Promise<OpenLog>, afterLine: number, wake: () => void): Disposable {
  let isOver = false;
  let waiting: Disposable | undefined;
  const end = (act: () => void) => {
    if (!isOver) act();
  };
  opening.then(
    (log) =>
      end(() => {
        waiting = log.whenMore(afterLine, wake);
      }),
    () => end(wake),
  );
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      waiting?.[Symbol.dispose]();
    },
  };
}
