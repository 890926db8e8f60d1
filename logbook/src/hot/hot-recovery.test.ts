import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { Logbook, type Recovery } from '../logbook.ts';
import { fastFolder, messagesOf, openLogbook } from '../testing/logbook.ts';

const BATCHES = [['header', 'fetch'], ['a"b', '\x1b[31mred', '€'], ['xyz'], ['', 'end']];
const MESSAGES = BATCHES.flat();
/** The long tier damages every byte, the quick one every third. Both try cuts at every byte. */
const DAMAGE_STEP = process.env.SLIPWAY_TEST_LONG === '1' ? 1 : 3;
const folders = new WeakMap<TestContext, string>();

test('after a clean stop keeps everything, reports nothing, and continues the numbering', async (context) => {
  const { text, index } = await smallLog(context);
  const folder = fastFolder(context);
  putLog(folder, text, index);
  const { logbook } = await openLogbook(context, { folder });
  const writer = await logbook.resume('log-1');
  assert.deepEqual(writer.recovery, { keptLines: MESSAGES.length, cutBytes: 0, damage: [] });
  await writer.line('after');
  await writer.committed();
  assert.deepEqual(await messagesOf(logbook, 'log-1'), [...MESSAGES, 'after']);
});

test('cut at any byte of hot.ndjson, keeps exactly the complete lines', async (context) => {
  const { text, index } = await smallLog(context);
  for (let sizeBytes = 0; sizeBytes < text.length; sizeBytes += 1) {
    const cut = text.subarray(0, sizeBytes);
    const { messages, recovery } = await recover(context, cut, index);
    const whole = cut.toString('latin1').split('\n').length - 1;
    assert.deepEqual(messages, MESSAGES.slice(0, whole), `cut at ${sizeBytes}`);
    assert.equal(recovery.cutBytes, sizeBytes - (cut.lastIndexOf(10) + 1));
    assert.deepEqual(lostLines(recovery), [[whole + 1, MESSAGES.length]]);
  }
});

test('cut at any byte of hot.idx, loses no line, and names those whose record is gone', async (context) => {
  const { text, index } = await smallLog(context);
  for (let sizeBytes = 0; sizeBytes < index.length; sizeBytes += 1) {
    const { messages, recovery } = await recover(context, text, index.subarray(0, sizeBytes));
    assert.deepEqual(messages, MESSAGES, `cut at ${sizeBytes}`);
    assert.equal(recovery.damage.length, 1);
    assert.equal(recovery.damage[0]?.lastLine, MESSAGES.length);
  }
});

test('flipped at any byte of hot.ndjson, returns no wrong line, and names what is left out', async (context) => {
  const { text, index } = await smallLog(context);
  for (let at = 0; at < text.length; at += DAMAGE_STEP) {
    const flipped = Buffer.from(text);
    flipped[at] = (text[at] ?? 0) ^ (1 << (at % 8));
    const { messages, recovery } = await recover(context, flipped, index);
    assert.deepEqual(messages, MESSAGES.slice(0, messages.length), `flipped at ${at}`);
    assert.ok(messages.length < MESSAGES.length);
    assert.deepEqual(lostLines(recovery), [[messages.length + 1, MESSAGES.length]]);
  }
});

test('flipped at any byte of hot.idx, returns no lost or wrong line, and names unknown times', async (context) => {
  const { text, index } = await smallLog(context);
  for (let at = 0; at < index.length; at += DAMAGE_STEP) {
    const flipped = Buffer.from(index);
    flipped[at] = (index[at] ?? 0) ^ (1 << (at % 8));
    const { messages, recovery } = await recover(context, text, flipped);
    assert.deepEqual(messages, MESSAGES, `flipped at ${at}`);
    // The first 32 bytes are the header: without it the records are still there.
    assert.equal(recovery.damage.length, at < 32 ? 0 : 1, `flipped at ${at}`);
  }
});

test('with zeros or garbage in place of the end of either file, keeps a true prefix', async (context) => {
  const { text, index } = await smallLog(context);
  for (let lostBytes = 1; lostBytes < text.length; lostBytes += DAMAGE_STEP * 3) {
    for (const filler of [zeros, garbage]) {
      const torn = Buffer.concat([text.subarray(0, text.length - lostBytes), filler(lostBytes)]);
      const { messages, recovery } = await recover(context, torn, index);
      assert.deepEqual(messages, MESSAGES.slice(0, messages.length));
      assert.deepEqual(lostLines(recovery), [[messages.length + 1, MESSAGES.length]]);
      const tornIndex = Buffer.concat([index.subarray(0, Math.max(0, index.length - lostBytes)), filler(lostBytes)]);
      assert.deepEqual((await recover(context, text, tornIndex)).messages, MESSAGES);
    }
  }
});

test('cuts zeros or garbage after the end of either file', async (context) => {
  const { text, index } = await smallLog(context);
  for (const tail of [zeros(1), zeros(4096), garbage(100), Buffer.from('{"LineNumber":9,"Mess')]) {
    const { messages, recovery } = await recover(context, Buffer.concat([text, tail]), Buffer.concat([index, tail]));
    assert.deepEqual(messages, MESSAGES);
    assert.deepEqual(recovery, { keptLines: MESSAGES.length, cutBytes: tail.length, damage: [] });
  }
});

test('keeps complete lines that were written but never indexed, and names them', async (context) => {
  const { text, index } = await smallLog(context);
  const tail = '{"LineNumber":9,"Message":"nine","BuildStage":"B"}\n{"LineNumber":10,"Message":"te';
  const { messages, recovery } = await recover(context, Buffer.concat([text, Buffer.from(tail)]), index);
  assert.deepEqual(messages, [...MESSAGES, 'nine']);
  assert.equal(recovery.damage[0]?.firstLine, 9);
});

test('drops a line that is valid JSON but not in the form that the engine writes', async (context) => {
  const { text, index } = await smallLog(context);
  for (const line of [
    '{"LineNumber":10,"Message":"gap","BuildStage":"B"}\n',
    '{"LineNumber":9,"Message":"space", "BuildStage":"B"}\n',
    '{"LineNumber":9,"BuildStage":"B","Message":"order"}\n',
    '{"LineNumber":9,"Message":"more","BuildStage":"B","X":1}\n',
    '{"LineNumber":9,"Message":"\\u0041","BuildStage":"B"}\n',
    '{"LineNumber":9,"Message":7,"BuildStage":"B"}\n',
    'null\n',
  ]) {
    const { messages } = await recover(context, Buffer.concat([text, Buffer.from(line)]), index);
    assert.deepEqual(messages, MESSAGES, line);
  }
});

test('an interrupted recovery reaches the same lines the next time', async (context) => {
  const { text, index } = await smallLog(context);
  const flipped = Buffer.from(text);
  flipped[text.length - 5] = 0x58;
  const folder = fastFolder(context);
  putLog(folder, flipped, index);
  const first = await Logbook.open({ folder });
  const writer = await first.resume('log-1');
  const kept = await messagesOf(first, 'log-1');
  await writer.release();
  await first.close();
  // As if the new index had not been renamed: the text is cut already, the index is the old one.
  writeFileSync(join(folder, 'lo', 'log-1', 'hot.idx'), index);
  const second = await Logbook.open({ folder });
  await second.resume('log-1');
  assert.deepEqual(await messagesOf(second, 'log-1'), kept);
  await second.close();
});

test('resumes a log whose creation was interrupted, as an empty log', async (context) => {
  const folder = fastFolder(context);
  for (const names of [[], ['hot.idx'], ['hot.ndjson']]) {
    rmSync(join(folder, 'lo'), { recursive: true, force: true });
    mkdirSync(join(folder, 'lo', 'log-1'), { recursive: true });
    for (const name of names) writeFileSync(join(folder, 'lo', 'log-1', name), '');
    const logbook = await Logbook.open({ folder });
    assert.deepEqual(await logbook.unsealed(), ['log-1']);
    const writer = await logbook.resume('log-1');
    await writer.line('only');
    const seal = await writer.seal({ verdict: 'partial', reason: 'the worker was lost' });
    assert.equal(seal.lineCount, 1);
    assert.equal(seal.verdict, 'partial');
    await logbook.close();
  }
});

test('creates a log again whose creation was interrupted, but not if it has lines', async (context) => {
  const { text } = await smallLog(context);
  const folder = fastFolder(context);
  const files = join(folder, 'lo', 'log-1');
  for (const names of [[], ['hot.idx'], ['hot.ndjson']]) {
    rmSync(files, { recursive: true, force: true });
    mkdirSync(files, { recursive: true });
    for (const name of names) writeFileSync(join(files, name), '');
    const logbook = await Logbook.open({ folder });
    await (await logbook.create('log-1')).line('one');
    await logbook.close();
  }
  rmSync(join(files, 'hot.idx'));
  writeFileSync(join(files, 'hot.ndjson'), text);
  const logbook = await Logbook.open({ folder });
  await assert.rejects(logbook.create('log-1'), /there is a log log-1 already/);
  await logbook.resume('log-1');
  assert.deepEqual(await messagesOf(logbook, 'log-1'), MESSAGES);
  await logbook.close();
});

test('before it is resumed, a torn log shows only lines that are indexed and checked', async (context) => {
  const { text, index } = await smallLog(context);
  const folder = fastFolder(context);
  putLog(folder, text, index.subarray(0, index.length - 1));
  const { logbook } = await openLogbook(context, { folder });
  assert.deepEqual(await messagesOf(logbook, 'log-1'), BATCHES.slice(0, -1).flat());
});

test('resumes and seals a log that was interrupted long before all of it was compressed', async (context) => {
  const { text, index } = await smallLog(context);
  const folder = folderOf(context);
  putLog(folder, text, index);
  const { logbook } = await openLogbook(context, { folder });
  const writer = await logbook.resume('log-1');
  // More than may wait for compression: a crash leaves this of a log that is written faster than compressed.
  const line = `${'.'.repeat(1000)}\n`;
  await writer.write(Buffer.from(line.repeat(3000)));
  await writer.committed();
  await writer.release();
  await logbook.close();
  const again = await openLogbook(context, { folder });
  const seal = await (await again.logbook.resume('log-1')).seal({ verdict: 'complete' });
  assert.ok(seal.sizeBytes > 3_000_000);
});

test('refuses to resume a log that does not exist', async (context) => {
  const { logbook } = await openLogbook(context);
  await assert.rejects(logbook.resume('log-1'), /there is no log "log-1"/);
});

/** A log of four batches, and its files after a clean stop. */
async function smallLog(context: TestContext): Promise<{ text: Buffer; index: Buffer }> {
  const { logbook, folder } = await openLogbook(context, { clock: () => 1_700_000_000_000 });
  const writer = await logbook.create('log-1');
  for (const messages of BATCHES) {
    // In one turn, and so in one batch and one run.
    await Promise.all(messages.map((message) => writer.line(message)));
    await writer.committed();
  }
  await logbook.close();
  const files = join(folder, 'lo', 'log-1');
  return { text: readFileSync(join(files, 'hot.ndjson')), index: readFileSync(join(files, 'hot.idx')) };
}

/** Recovers a log from such files, twice, in a folder of its own. */
async function recover(
  context: TestContext,
  text: Buffer,
  index: Buffer,
): Promise<{ messages: string[]; recovery: Recovery }> {
  const folder = folderOf(context);
  putLog(folder, text, index);
  const logbook = await Logbook.open({ folder });
  const { recovery } = await logbook.resume('log-1');
  const messages = await messagesOf(logbook, 'log-1');
  await logbook.close();
  // The result of a recovery is clean: a second one cuts and changes nothing, and lost lines stay reported.
  const again = await Logbook.open({ folder });
  const lost = recovery?.damage.filter(({ reason }) => reason.includes('cut'));
  assert.deepEqual((await again.resume('log-1')).recovery, { keptLines: messages.length, cutBytes: 0, damage: lost });
  assert.deepEqual(await messagesOf(again, 'log-1'), messages);
  await again.close();
  if (recovery === undefined) throw new Error('a resumed log has a recovery');
  return { messages, recovery };
}

/** One folder for each test, whose files each recovery overwrites. */
function folderOf(context: TestContext): string {
  const folder = folders.get(context) ?? fastFolder(context);
  folders.set(context, folder);
  return folder;
}

function putLog(folder: string, text: Buffer, index: Buffer): void {
  const files = join(folder, 'lo', 'log-1');
  rmSync(files, { recursive: true, force: true });
  mkdirSync(files, { recursive: true });
  writeFileSync(join(files, 'hot.ndjson'), text);
  writeFileSync(join(files, 'hot.idx'), index);
}

function lostLines(recovery: Recovery): number[][] {
  return recovery.damage
    .filter(({ reason }) => reason.includes('cut'))
    .map(({ firstLine, lastLine }) => [firstLine, lastLine]);
}

function zeros(sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes);
}

function garbage(sizeBytes: number): Buffer {
  return Buffer.from(Array.from({ length: sizeBytes }, (_, at) => (at * 167 + 89) % 256));
}
