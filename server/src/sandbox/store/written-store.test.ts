import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { prepareStoreImage } from './store-image.ts';
import { isTorn, markWritten, writeLater, writeNow } from './written-store.ts';

const [BOOT, NEXT_BOOT] = ['this boot', 'the next boot'];

function imageOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-written-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'store.img');
}

test('an image is torn if the machine stopped before all of it was on its disk, and never in the same boot', async (t) => {
  const image = imageOf(t);
  writeFileSync(image, 'layers');
  assert.equal(isTorn(image, NEXT_BOOT), false, 'it was never opened');
  await markWritten(image, BOOT);
  assert.deepEqual([isTorn(image, BOOT), isTorn(image, NEXT_BOOT)], [false, true]);
  await writeNow();
  assert.equal(isTorn(image, NEXT_BOOT), true, 'it is still open');
  writeLater(image);
  await writeNow();
  assert.equal(isTorn(image, NEXT_BOOT), false);
  await markWritten(image, NEXT_BOOT);
  assert.deepEqual([isTorn(image, NEXT_BOOT), isTorn(image, BOOT)], [false, true]);
});

test('an image that is opened again while it is written to the disk is written again', async (t) => {
  const image = imageOf(t);
  writeFileSync(image, 'layers');
  await markWritten(image, BOOT);
  writeLater(image);
  const written = writeNow();
  await markWritten(image, BOOT);
  await written;
  assert.equal(isTorn(image, NEXT_BOOT), true);
  writeLater(image);
  await writeNow();
  assert.equal(isTorn(image, NEXT_BOOT), false);
});

test('an image that could not be written, or was removed, breaks nothing', async (t) => {
  const image = imageOf(t);
  await markWritten(image, BOOT);
  writeLater(image);
  await writeNow();
  assert.equal(isTorn(image, NEXT_BOOT), true);
});

test('a torn image is replaced, however clean its file system looks', async (t) => {
  const image = imageOf(t);
  const prepare = () => prepareStoreImage(image, 16 * 2 ** 20);
  assert.deepEqual([await prepare(), await prepare()], ['new', 'kept']);
  await markWritten(image, 'an earlier boot');
  assert.equal(await prepare(), 'unclean');
});
