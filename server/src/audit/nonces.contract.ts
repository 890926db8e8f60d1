import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Nonces } from './nonces.ts';

/** A place of nonces, as a test opens it. */
export interface NoncesUnderTest {
  /** Opens it, with a clock of the test. */
  open(means: { now(): number; limit?: number }): Nonces;
  /** Loses what the place has, as a crash would; undefined for one that has nothing to lose. */
  lose?(): Promise<void>;
}

const MINUTE = 60_000;

/** Tests that every implementation of nonces must pass. */
export function testNonces(name: string, start: (t: TestContext) => Promise<NoncesUnderTest>): void {
  test(`${name}: a nonce is accepted once for each key`, async (t) => {
    const nonces = (await start(t)).open({ now: () => 0 });
    assert.equal(await nonces.use('a', 'n', 0), 'new');
    assert.equal(await nonces.use('a', 'n', 0), 'used');
    assert.equal(await nonces.use('a', 'n', 5000), 'used');
    assert.equal(await nonces.use('b', 'n', 0), 'new');
    await nonces.close();
  });

  test(`${name}: of many simultaneous uses of a nonce, exactly one is new`, async (t) => {
    const nonces = (await start(t)).open({ now: () => 0 });
    for (const nonce of ['n', 'm']) {
      const uses = await Promise.all(Array.from({ length: 50 }, async () => nonces.use('a', nonce, 0)));
      assert.deepEqual(uses.toSorted(), ['new', ...Array<string>(49).fill('used')]);
    }
    await nonces.close();
  });

  test(`${name}: a nonce is kept while its time stamp is accepted, and little longer`, async (t) => {
    let nowMs = 0;
    const nonces = (await start(t)).open({ now: () => nowMs, limit: 1 });
    const stampMs = 15 * MINUTE;
    assert.equal(await nonces.use('a', 'n', stampMs), 'new');
    nowMs = 30 * MINUTE;
    assert.equal(await nonces.use('a', 'n', stampMs), 'used');
    assert.equal(await nonces.use('a', 'other', nowMs), 'full');
    nowMs = 40 * MINUTE;
    assert.equal(await nonces.use('a', 'other', nowMs), 'new');
    await nonces.close();
  });

  test(`${name}: nonces are known after the server ended, and one that lost them refuses time stamps from before that`, async (t) => {
    const place = await start(t);
    if (place.lose === undefined) return t.skip('it keeps nothing');
    let nowMs = MINUTE;
    const now = () => nowMs;
    const first = place.open({ now });
    assert.equal(await first.use('a', 'n', nowMs), 'new');
    first.write();
    await first.close();
    const second = place.open({ now });
    assert.equal(await second.use('a', 'n', nowMs), 'used');
    await second.close();

    await place.lose();
    nowMs += 5000;
    const notBeforeMs = nowMs;
    const third = place.open({ now });
    assert.deepEqual(await third.use('a', 'n', MINUTE), { notBeforeMs });
    nowMs += 1000;
    assert.equal(await third.use('a', 'm', notBeforeMs), 'new');
    assert.deepEqual(await third.use('a', 'k', notBeforeMs - 1), { notBeforeMs });
    third.write();
    await third.close();
    const fourth = place.open({ now });
    assert.deepEqual(await fourth.use('a', 'n', MINUTE), { notBeforeMs }, 'the time is written once');
    assert.equal(await fourth.use('a', 'm', notBeforeMs), 'used');
    await fourth.close();
  });
}
