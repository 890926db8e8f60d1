import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Slices } from '../format/text-slice.ts';
import { damageOf, type LogReader, type Page } from '../logbook.ts';
import { linesOf } from '../testing/logbook.ts';
import { type FollowEvent, followLog, LogCursor } from './follow.ts';
import { readLines } from './log-reader.ts';
import { LogTail } from './log-tail.ts';

/** A log that was made for a test, and what can happen to it. */
export interface ReadLog {
  log: LogReader;
  /** Adds lines. Absent if the log is sealed. */
  append?: (messages: readonly string[]) => Promise<void>;
  seal: () => Promise<void>;
  /** Changes what is stored of a line in the middle. */
  damage: () => void | Promise<void>;
}

const LINES = 3000;
const STAGE_LINES = 250;
const MESSAGES = Array.from({ length: LINES }, (_, at) => `line ${at + 1} é "${'x'.repeat(at % 120)}"`);
const OTHERS = MESSAGES.map((message) => message.replace('line', 'other').replaceAll('x', 'y'));

/**
 * The promises of a reader, checked for one implementation. `make` writes a log with these messages, `STAGE_LINES` of
 * each step.
 */
export function testLogReader(
  name: string,
  make: (t: TestContext, messages: readonly string[], stepLines: number) => Promise<ReadLog>,
): void {
  const made = (t: TestContext, messages = MESSAGES) => make(t, messages, STAGE_LINES);

  test(`${name}: a page from any offset, the runs, the text and the lines are those that were written`, async (t) => {
    const { log } = await made(t);
    const { lineCount, sizeBytes } = await log.reach();
    assert.equal(lineCount, LINES);
    for (const [offset, limit] of [
      [0, 100],
      [1, 1],
      [63, 130],
      [1234, 1500],
      [2950, 100],
      [3000, 5],
      [9000, 1],
      [7, 0],
    ] as const) {
      const page = await log.page(offset, limit);
      const expected = MESSAGES.slice(offset, offset + limit);
      assert.deepEqual(messagesIn(page), expected, `from ${offset}`);
      assert.deepEqual([page.firstLine, page.lineCount, page.totalCount], [offset + 1, expected.length, LINES]);
      assert.deepEqual(
        (await readLines(log, offset, limit)).map(asTold),
        expected.map((message, at) => told(message, offset + at + 1)),
      );
    }
    let next = 1;
    for await (const runs of log.runs()) {
      for (const run of runs) {
        assert.deepEqual([run.firstLine, run.step], [next, stepOf(next)]);
        next += run.lineCount;
      }
    }
    assert.equal(next, LINES + 1);
    const text = await textOf(log, 1);
    assert.equal(Buffer.byteLength(text), sizeBytes);
    assert.deepEqual(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).Message),
      MESSAGES,
    );
    assert.equal(await textOf(log, 2718), text.split('\n').slice(2717).join('\n'));
  });

  test(`${name}: a follower gets every line once and in order, and those at one line share their bytes`, async (t) => {
    const { log, append, seal } = await made(t);
    const tail = new LogTail(log, () => undefined);
    const first = collect(log, tail, 2990);
    const second = collect(log, tail, 2990);
    await append?.(['one more', 'and another']);
    await seal();
    const [events, others] = await Promise.all([first, second]);
    const expected = [...MESSAGES.slice(2989), ...(append ? ['one more', 'and another'] : [])];
    assert.deepEqual(events.flatMap(messagesIn), expected);
    assert.equal(events.at(-1)?.sealed, true);
    assert.equal(events[0]?.bytes, others[0]?.bytes);
  });

  test(`${name}: reads in progress at the same time, of one log or of two, each return their own bytes`, async (t) => {
    const [one, two] = [await made(t), await made(t, OTHERS)];
    const readers = [
      [one.log, MESSAGES],
      [two.log, OTHERS],
      [one.log, MESSAGES],
    ] as const;
    const offsets = Array.from({ length: 12 }, (_, at) => at * 230);
    // All begin before any is looked at.
    const pages = readers.flatMap(([log, messages]) =>
      offsets.map(async (offset) => ({
        page: await log.page(offset, 40),
        expected: messages.slice(offset, offset + 40),
      })),
    );
    const slices = readers.flatMap(([log, messages]) =>
      [1, 700, 1900].map(async (line) => ({ slice: await log.textFrom(line), expected: messages[line - 1] })),
    );
    const [readPages, readSlices] = [await Promise.all(pages), await Promise.all(slices)];
    for (const { page, expected } of readPages) assert.deepEqual(messagesIn(page), expected);
    for (const [at, { slice, expected }] of readSlices.entries()) {
      assert.equal(JSON.parse(slice.text.toString().split('\n')[0] ?? '').Message, expected);
      // What one reader gives back is nobody else's.
      if (at % 2 === 0) slice.release();
      slice.release();
      assert.equal(slice.text.length, 0);
    }
    for (const { page, expected } of readPages) assert.deepEqual(messagesIn(page), expected);
  });

  test(`${name}: a seal in the middle of reading changes no page, run or byte of the text`, async (t) => {
    const { log, seal } = await made(t);
    const messages: string[] = [];
    for (let offset = 0; offset < LINES; offset += 100) {
      if (offset === 1500) await seal();
      messages.push(...messagesIn(await log.page(offset, 100)));
    }
    assert.deepEqual(messages, MESSAGES);
    const again = await made(t);
    let next = 1;
    for await (const runs of again.log.runs()) {
      if (next === 1) await again.seal();
      for (const { firstLine, lineCount } of runs) {
        assert.equal(firstLine, next);
        next += lineCount;
      }
    }
    assert.equal(next, LINES + 1);
    assert.equal((await again.log.page(0, 1)).sealed, true);
  });

  test(`${name}: a reader waits for a line, and is woken once for it, or for the end`, async (t) => {
    const { log, append, seal } = await made(t);
    const woken: string[] = [];
    const wait = (what: string, afterLine: number) => log.whenMore(afterLine, () => woken.push(what));
    wait('for what is there', LINES - 1);
    wait('for the next', LINES);
    wait('for a later one', LINES + 1);
    wait('for the end', LINES + 10);
    wait('given up', LINES)[Symbol.dispose]();
    await append?.(['one more']);
    await until(() => woken.includes('for what is there') && (append === undefined || woken.includes('for the next')));
    if (append !== undefined) assert.deepEqual(woken.toSorted(), ['for the next', 'for what is there']);
    await append?.(['and another']);
    await seal();
    await until(() => woken.length === 4);
    assert.deepEqual(woken.toSorted(), ['for a later one', 'for the end', 'for the next', 'for what is there']);
  });

  test(`${name}: damage is an error that names the lines, for every kind of read; the lines before it are read`, async (t) => {
    const { log, damage } = await made(t);
    await damage();
    const sound: string[] = [];
    const readOn = async (): Promise<void> => {
      for (let offset = 0; offset < LINES; offset += 10) sound.push(...messagesIn(await log.page(offset, 10)));
    };
    await assert.rejects(readOn, (error: Error) => {
      const [, first, last] = /lines (\d+) to (\d+)/.exec(damageOf(error)?.message ?? '') ?? [];
      assert.ok(Number(first) > 1 && Number(last) > sound.length, error.message);
      assert.ok(
        sound.length >= Number(first) - 10 && sound.length < Number(last),
        `${sound.length} lines before ${error.message}`,
      );
      return true;
    });
    assert.deepEqual(sound, MESSAGES.slice(0, sound.length));
    await assert.rejects(textOf(log, 1), (error) => damageOf(error) !== undefined);
    await assert.rejects(collect(log, new LogTail(log, () => undefined), 1), (error) => damageOf(error) !== undefined);
  });
}

async function collect(log: LogReader, tail: LogTail, fromLine: number): Promise<FollowEvent[]> {
  const events: FollowEvent[] = [];
  for await (const event of followLog((wake) => new LogCursor({ log, tail }, fromLine, wake))) events.push(event);
  return events;
}

async function textOf(log: LogReader, fromLine: number): Promise<string> {
  const slices = new Slices((line) => log.textFrom(line), fromLine);
  let text = '';
  for (let slice = await slices.next(); slice.lineCount > 0; slice = await slices.next()) text += slice.text.toString();
  return text;
}

function messagesIn(page: Pick<Page, 'latin1'> | FollowEvent): string[] {
  return linesOf(page).map(({ Message }) => Message);
}

function asTold({ lineNumber, message, step }: { lineNumber: number; message: string; step: number }) {
  return { lineNumber, message, step };
}

function told(message: string, lineNumber: number) {
  return { lineNumber, message, step: stepOf(lineNumber) };
}

function stepOf(lineNumber: number): number {
  return Math.ceil(lineNumber / STAGE_LINES);
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}
