import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { Logbook } from '../logbook.ts';
import { fastFolder } from '../testing/logbook.ts';

const LINES = 4000;

test('an undamaged log has no damage, running, released and sealed', async (context) => {
  const folder = fastFolder(context);
  const logbook = await Logbook.open({ folder });
  context.after(() => logbook.close());
  const writer = await logbook.create('log-1');
  await writer.write(output());
  await writer.committed();
  assert.deepEqual(await logbook.verify('log-1'), { sealed: false, lineCount: LINES, damage: [] });
  await writer.seal({ verdict: 'complete' });
  assert.deepEqual(await logbook.verify('log-1'), { sealed: true, lineCount: LINES, damage: [] });
  assert.equal(await logbook.verify('log-2'), undefined);
});

test('finds a flipped byte anywhere in a sealed log, and names block and lines if it is in a block', async (context) => {
  const { folder, files } = await sealedLog(context);
  for (const name of ['log.ndjson.gz', 'log.idx']) {
    const sound = readFileSync(join(files, name));
    // The header of the gzip file says nothing about the log and is not checked.
    for (let at = 10; at < sound.length; at += Math.ceil(sound.length / 60)) {
      const flipped = Buffer.from(sound);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      writeFileSync(join(files, name), flipped);
      const logbook = await Logbook.open({ folder });
      const found = await logbook.verify('log-1').catch((error: unknown) => error as Error);
      await logbook.close();
      const isFound = found instanceof Error || (found?.damage.length ?? 0) > 0;
      assert.ok(isFound, `byte ${at} of ${name}`);
      if (name === 'log.idx' || found === undefined || found instanceof Error || at >= sound.length - 10) continue;
      const [damage] = found.damage;
      assert.ok((damage?.block ?? -1) >= 0 && (damage?.firstLine ?? 0) >= 1, `byte ${at}: ${damage?.reason}`);
    }
    writeFileSync(join(files, name), sound);
  }
});

async function sealedLog(context: TestContext): Promise<{ folder: string; files: string }> {
  const folder = fastFolder(context);
  const logbook = await Logbook.open({ folder });
  const writer = await logbook.create('log-1');
  await writer.write(output());
  await writer.seal({ verdict: 'complete' });
  await logbook.close();
  return { folder, files: join(folder, 'lo', 'log-1') };
}

function output(): Buffer {
  return Buffer.from(Array.from({ length: LINES }, (_, at) => `line ${at} ${(at * 7919) % 65_537}\n`).join(''));
}
