import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { builderWords } from '#runner/output/builder-words.ts';
import { finalError } from '#sandbox/protocol/builder-errors.ts';
import { chooseLargest } from '../folder/free-space.ts';
import { writeImage } from '../testing/busybox-image.ts';
import {
  prepareBase,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
  waitForNothingLeft,
} from '../testing/sandbox.ts';

const MEBIBYTE = 2 ** 20;
const { signal } = new AbortController();

describe('a base image that is larger than it looks', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  /** Builds on an image of this single layer, with a small disk; returns the builder's output. */
  async function wordsOn(layer: Buffer, changes: object = {}): Promise<string> {
    const load = prepareBase(under.dataFolder, (folder) => writeImage(folder, layer));
    await under.sandbox.loadBase(load, { signal });
    await under.sandbox.cleanUp(load.buildId);
    const limits = { memoryBytes: 512 * MEBIBYTE, cpus: 2, pids: 256, diskBytes: 96 * MEBIBYTE, timeoutMs: 60_000 };
    const base = { name: 'reg.example/hostile/base:1', scope: load.scope, digest: load.digest };
    const { outcome, output } = await under.build(
      { Dockerfile: `FROM ${base.name}\nCOPY Dockerfile /\n` },
      { bases: [base], limits: { ...limits, ...changes } },
    );
    assert.notEqual(outcome.phase, 'done', output);
    // A build beside it may still run.
    assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
    return `${outcome.reason}: ${output}`;
  }

  test('fills, by its bytes or its number of files, only the disk of its own build and none of the machine’s', async () => {
    // Measured below its own folder: others write to this disk meanwhile.
    const files = () => readdirSync(under.dataFolder, { recursive: true }).length;
    const before = files();
    assert.match(await wordsOn(tarOf([{ name: 'zeros', sizeBytes: 150 * MEBIBYTE }])), /no space left on device/);
    const many = Array.from({ length: 30_000 }, (_, at) => ({ name: `f${at}`, sizeBytes: 0 }));
    const beside = under.build({ Dockerfile: 'FROM busybox\nRUN echo beside\n' });
    assert.match(await wordsOn(tarOf(many)), /no space left on device/);
    assert.equal((await beside).outcome.phase, 'done');
    assert.ok(files() - before < 1000, `${files() - before} files more`);
  });

  test('is refused with a message that names the ids, if files, or a copy to an owner, have ids outside a box', async () => {
    const wordsOf = (output: string) => builderWords(finalError(output) ?? '', '');
    const rule = 'files of images may have the ids 0 to 7340031 and 1000000000 to 1001048575';
    const says = await wordsOn(tarOf([{ name: 'theirs', sizeBytes: 0, uid: 7_340_032 }]));
    const words = `the file /theirs of an image belongs to user 7340032 and group 0; ${rule}`;
    assert.deepEqual(wordsOf(says), { kind: 'step-not-built', words });
    const { output } = await under.build({ Dockerfile: 'FROM busybox\nCOPY --chown=9000000:1 Dockerfile /\n' });
    assert.deepEqual(wordsOf(output), {
      kind: 'step-not-built',
      words: `--chown names an id that cannot be used; ${rule}`,
    });
  });

  test('is unpacked within its build’s time limit', { skip: skipLongReason }, async () => {
    const tar = tarOf([{ name: 'zeros', sizeBytes: 10 * MEBIBYTE }]);
    assert.match(await wordsOn(tar, { timeoutMs: 1 }), /^timeout: /);
  });
});

test('when the disk gets full, ends the box that grew most, and no other until that one is gone', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-space-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const writerOf = (name: string, startBytes: number, mebibytes: number) => {
    writeFileSync(join(folder, name), Buffer.alloc(mebibytes * MEBIBYTE, 1));
    return { image: join(folder, name), startBytes, isEnding: false };
  };
  const [small, old, grown] = [writerOf('a', 0, 1), writerOf('b', 4 * MEBIBYTE, 5), writerOf('c', MEBIBYTE, 4)];
  assert.equal(chooseLargest([small, old, grown]), grown);
  assert.equal(chooseLargest([small, old, { ...grown, isEnding: true }]), undefined);
  assert.equal(chooseLargest([]), undefined);
});

/** A tar of files of zeros (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, ustar). */
function tarOf(files: { name: string; sizeBytes: number; uid?: number }[]): Buffer {
  const parts = files.flatMap(({ name, sizeBytes, uid = 0 }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`0000644\0${'0000000\0'.repeat(2)}`, 100);
    // In GNU tar's form, since seven octal digits cannot hold such a number.
    if (uid > 0) header.writeUIntBE(uid, 110, 6);
    if (uid > 0) header.writeUInt16BE(0x8000, 108);
    header.write(`${sizeBytes.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, Buffer.alloc(Math.ceil(sizeBytes / 512) * 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
