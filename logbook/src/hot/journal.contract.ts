import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readAt } from '../format/record-reader.ts';
import { Batch } from '../write/batch.ts';
import { stageMarkOf } from '../write/stage-mark.ts';
import type { Journal, JournalBatch, JournalLog } from './journal.ts';

const NOW_MS = Date.UTC(2026, 10, 24);
const UNKNOWN = { epoch: undefined, nowMs: NOW_MS };

/**
 * The promises of a journal, checked for one implementation. `place` returns a function that opens the same journal
 * each time, as another process would.
 */
export function testJournal(name: string, mark: (t: TestContext) => () => Journal): void {
  test(`${name}: shows the lines of a batch when it is acknowledged, and not before`, async (t) => {
    const log = await created(t, mark(t)());
    const batch = batchAfter(log, ['one', 'two']);
    const appended = log.append(batch);
    assert.deepEqual([log.lineCount, log.textBytes, read(log)], [0, 0, '']);
    await appended;
    assert.deepEqual([log.lineCount, log.textBytes, read(log)], [2, textOf(batch).length, textOf(batch)]);
    assert.deepEqual([...log.runs(log.lines.before(1).recordBytes)], batch.runs);
    assert.deepEqual(log.lines.after(2).firstLine, 3);
  });

  test(`${name}: refuses a batch that does not continue the log, and accepts the one that does after it`, async (t) => {
    const log = await created(t, mark(t)());
    await log.append(batchAfter(log, ['one', 'two']));
    const before = read(log);
    const { lineCount, textBytes } = log;
    const next = batchAfter(log, ['three']);
    const others: Record<string, JournalBatch> = {
      'a gap of lines': batchAfter({ lineCount: lineCount + 1, textBytes }, ['four']),
      'a gap of bytes': batchAfter({ lineCount, textBytes: textBytes + 1 }, ['three']),
      'the last batch once more': batchAfter({ lineCount: 0, textBytes: 0 }, ['one', 'two']),
      'an overlap': batchAfter(
        { lineCount: 1, textBytes: textOf(batchAfter({ lineCount: 0, textBytes: 0 }, ['one'])).length },
        ['two'],
      ),
      'less text than its runs': { ...next, text: next.text.map((part) => part.subarray(1)) },
      'text without a run': { ...next, runs: [] },
      'runs out of order': { ...next, runs: [...next.runs, ...next.runs] },
    };
    for (const [what, batch] of Object.entries(others)) {
      await assert.rejects(log.append(batch), /the batch is refused: it/, what);
      assert.equal(read(log), before, what);
    }
    await log.append(next);
    assert.equal(read(log), before + textOf(next));
  });

  test(`${name}: accepts one batch at a time: of two that both continue the log, it refuses the second`, async (t) => {
    const log = await created(t, mark(t)());
    const batch = batchAfter(log, ['first']);
    const first = log.append(batch);
    await assert.rejects(log.append(batchAfter(log, ['second'])), /refused/);
    await first;
    assert.equal(read(log), textOf(batch));
    await log.append(batchAfter(log, ['third']));
  });

  test(`${name}: gives a log to the holder that takes it over alone, and refuses its former holder and one of a lower epoch`, async (t) => {
    const journal = mark(t)();
    const former = await created(t, journal, 1);
    await former.append(batchAfter(former, ['one']));
    const { log } = await journal.recover('log-1', { epoch: 3, nowMs: NOW_MS });
    t.after(() => log.close());
    await assert.rejects(
      former.append(batchAfter(former, ['of the former holder'])),
      /refused: the log was taken over/,
    );
    await assert.rejects(journal.recover('log-1', { epoch: 2, nowMs: NOW_MS }), /epoch 3, which is higher than 2/);
    await log.append(batchAfter(log, ['two']));
    const { log: again } = await journal.recover('log-1', UNKNOWN);
    t.after(() => again.close());
    assert.deepEqual(messages(again), ['one', 'two']);
    await assert.rejects(log.append(batchAfter(log, ['late'])), /refused/);
  });

  test(`${name}: a log opened again has everything acknowledged, and can be read and continued`, async (t) => {
    const open = mark(t);
    const log = await created(t, open());
    let text = '';
    for (let batch = 0; batch < 40; batch += 1) {
      const size = (batch * 37) % 200;
      const next = batchAfter(
        log,
        Array.from({ length: size }, (_, line) => `line ${line} of ${batch}`),
        batch,
      );
      await log.append(next);
      text += textOf(next);
    }
    const runs = [...log.runs(log.lines.before(1).recordBytes)];
    const reader = open().open('log-1');
    assert.ok(reader !== undefined);
    const { log: writer, recovery, counts, lastRun } = await open().recover('log-1', UNKNOWN);
    for (const found of [reader, writer]) {
      assert.deepEqual([found.lineCount, found.textBytes, read(found)], [log.lineCount, text.length, text]);
      assert.deepEqual([...found.runs(found.lines.before(1).recordBytes)], runs);
    }
    assert.deepEqual(recovery, { keptLines: log.lineCount, cutBytes: 0, damage: [] });
    assert.deepEqual([counts, lastRun], [{ maskedValues: 39, droppedLines: 0 }, runs.at(-1)]);
    await writer.append(batchAfter(writer, ['one more']));
    assert.equal(messages(writer).at(-1), 'one more');
    for (const found of [reader, writer]) found.close();
  });

  test(`${name}: tells a reader of each batch once, when it can be read, and never shows part of one`, async (t) => {
    const log = await created(t, mark(t)());
    const seen: string[] = [];
    log.onGrowth = () => seen.push(read(log));
    const expected: string[] = [];
    const lookingOn = new AbortController();
    const looks = (async () => {
      const lengths = new Set<number>();
      while (!lookingOn.signal.aborted) {
        lengths.add(read(log).length);
        await new Promise(setImmediate);
      }
      return lengths;
    })();
    for (let batch = 0; batch < 30; batch += 1) {
      const next = batchAfter(log, [`a of ${batch}`, `b of ${batch}`, `c of ${batch}`]);
      await log.append(next);
      expected.push((expected.at(-1) ?? '') + textOf(next));
    }
    lookingOn.abort();
    assert.deepEqual(seen, expected);
    const whole = new Set([0, ...expected.map(({ length }) => length)]);
    assert.deepEqual(
      [...(await looks)].filter((length) => !whole.has(length)),
      [],
    );
  });

  test(`${name}: a closed log accepts nothing, and a removed one does not exist`, async (t) => {
    const open = mark(t);
    const journal = open();
    const log = await journal.create('log-1', UNKNOWN);
    await log.append(batchAfter(log, ['one']));
    log.close();
    await assert.rejects(log.append(batchAfter(log, ['two'])), /refused: the log is closed/);
    await journal.remove('log-1');
    await journal.remove('log-1');
    for (const each of [journal, open()]) assert.equal(each.open('log-1'), undefined);
    const second = await created(t, journal);
    assert.equal(second.lineCount, 0);
  });

  test(`${name}: creates a log once, and reports one that was never created as missing`, async (t) => {
    const open = mark(t);
    await created(t, open());
    for (const journal of [open(), open()]) await assert.rejects(journal.create('log-1', UNKNOWN));
    assert.equal(open().open('log-2'), undefined);
    await assert.rejects(open().recover('log-2', UNKNOWN));
    await open().remove('log-2');
  });
}

async function created(t: TestContext, journal: Journal, epoch?: number): Promise<JournalLog> {
  const log = await journal.create('log-1', { epoch, nowMs: NOW_MS });
  t.after(() => log.close());
  return log;
}

/** The lines as the batch that continues a log. */
function batchAfter(
  log: Pick<JournalLog, 'lineCount' | 'textBytes'>,
  lines: readonly string[],
  maskedValues?: number,
): JournalBatch {
  const batch = new Batch(log.lineCount + 1, log.textBytes);
  for (const line of lines) batch.add(line, stageMarkOf('GIT_CLONE', 0, 1), NOW_MS, false);
  const { firstLine, offsetBytes, runs } = batch;
  const counts = maskedValues === undefined ? undefined : { maskedValues, droppedLines: 0 };
  return { firstLine, offsetBytes, text: batch.finish(), runs, counts };
}

function textOf(batch: JournalBatch): string {
  return Buffer.concat(batch.text).toString();
}

/** All text that the log claims to have. */
function read(log: JournalLog): string {
  return readAt(log, 0, log.textBytes).toString();
}

function messages(log: JournalLog): string[] {
  const lines = read(log).split('\n').slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { Message: string }).Message);
}
