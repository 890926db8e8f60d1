import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { writeImage } from './busybox-image.ts';
import { chooseLargest } from './free-space.ts';
import {
  prepareBase,
  type SandboxUnderTest,
  skipLongReason,
  skipReason,
  startSandboxUnderTest,
  waitForNothingLeft,
} from './sandbox-under-test.ts';

const mebibyte = 2 ** 20;
const { signal } = new AbortController();

describe('a base image that is larger than it looks', { skip: skipReason }, () => {
  let under: SandboxUnderTest;
  before(async () => {
    under = await startSandboxUnderTest();
  });
  after(() => under.close());

  /** Loads an image of this one layer, which is refused; gives the sentence. */
  async function refusalOf(layer: Buffer, changes: object = {}): Promise<string> {
    const load = prepareBase(under.dataFolder, (folder) => writeImage(folder, layer), 'reg.example/hostile/base:1');
    const limits = { ...load.limits, ...changes };
    const error = await under.sandbox.loadBase({ ...load, limits }, { signal }).then(
      () => assert.fail('it was loaded'),
      (refusal: Error & { code: string }) => refusal,
    );
    assert.equal(error.code, 'limit', error.message);
    await under.sandbox.cleanUp(load.buildId);
    // A build beside it may still run.
    assert.deepEqual(await waitForNothingLeft(under.dataFolder), []);
    assert.equal(await under.sandbox.findBase(load.scope, load.digest), undefined);
    return error.message;
  }

  const tooLarge =
    'the base image reg.example/hostile/base:1 does not fit: the base images of this build take more than 64 MiB or too many ' +
    'files for them (setting build-disk-mebibytes)';

  test('by its bytes or its number of files is refused by name and setting, and takes nothing of the machine’s disk', async () => {
    const before = statfsSync(under.dataFolder);
    assert.equal(await refusalOf(tarOf([{ name: 'zeros', sizeBytes: 80 * mebibyte }])), tooLarge);
    const many = Array.from({ length: 17_000 }, (_, at) => ({ name: `f${at}`, sizeBytes: 0 }));
    const beside = under.build({ Dockerfile: 'FROM busybox\nRUN echo beside\n' });
    assert.equal(await refusalOf(tarOf(many)), tooLarge);
    assert.equal((await beside).outcome.phase, 'done');
    // Others write to this disk meanwhile; what was unpacked would be far more.
    const inodes = before.ffree - statfsSync(under.dataFolder).ffree;
    assert.ok(inodes < 10_000, `${inodes} inodes are gone`);
  });

  test('counts together with the other bases of its build', { skip: skipLongReason }, async () => {
    const [first, second] = ['a', 'b'].map((name) => tarOf([{ name, sizeBytes: 40 * mebibyte }]));
    const write = (tar: Buffer) => (folder: string) => writeImage(folder, tar);
    const one = prepareBase(under.dataFolder, write(first ?? Buffer.alloc(0)), 'reg.example/hostile/base:1');
    const two = prepareBase(under.dataFolder, write(second ?? Buffer.alloc(0)), 'reg.example/hostile/base:1');
    const { sizeBytes } = await under.sandbox.loadBase(one, { signal });
    assert.ok(sizeBytes > 40 * mebibyte && sizeBytes < 50 * mebibyte, `${sizeBytes} bytes`);
    assert.ok(await under.sandbox.findBase(one.scope, one.digest, two.buildId));
    await assert.rejects(under.sandbox.loadBase(two, { signal }), { message: tooLarge });
    for (const { buildId } of [one, two]) await under.sandbox.cleanUp(buildId);
  });

  test('is unpacked in the memory and the time of its build', { skip: skipLongReason }, async () => {
    const tar = tarOf([{ name: 'zeros', sizeBytes: 10 * mebibyte }]);
    assert.match(
      await refusalOf(tar, { memoryBytes: 16 * mebibyte }),
      / 16 MiB, does not suffice \(setting build-memory-mebibytes\)$/,
    );
    assert.match(await refusalOf(tar, { timeoutMs: 1 }), /longer than 0.001 s \(setting build-timeout-seconds\)$/);
  });
});

test('where the disk gets full, the box that grew most ends, and no other before it is gone', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-space-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const writerOf = (name: string, startBytes: number, mebibytes: number) => {
    writeFileSync(join(folder, name), Buffer.alloc(mebibytes * mebibyte, 1));
    return { image: join(folder, name), startBytes, isEnding: false };
  };
  const [small, old, grown] = [writerOf('a', 0, 1), writerOf('b', 4 * mebibyte, 5), writerOf('c', mebibyte, 4)];
  assert.equal(chooseLargest([small, old, grown]), grown);
  assert.equal(chooseLargest([small, old, { ...grown, isEnding: true }]), undefined);
  assert.equal(chooseLargest([]), undefined);
});

/** A tar of files of zeros (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, ustar). */
function tarOf(files: { name: string; sizeBytes: number }[]): Buffer {
  const parts = files.flatMap(({ name, sizeBytes }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`0000644\0${'0000000\0'.repeat(2)}`, 100);
    header.write(`${sizeBytes.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124);
    header.write('        0', 148);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, Buffer.alloc(Math.ceil(sizeBytes / 512) * 512)];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}
