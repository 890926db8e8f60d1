import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SentQuota } from './sent-quota.ts';

const EXCEEDED = { code: 'SOURCE_QUOTA_EXCEEDED' };

/** A sender's disk, and bodies whose data the test sends. */
function senderOf(limitBytes: number) {
  let storedBytes = 0;
  const quota = new SentQuota(limitBytes, async () => storedBytes);
  const send = (sizeBytes: number, announcedBytes: number) => {
    const come = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    async function* body() {
      begun.resolve();
      await come.promise;
      for (let sent = 0; sent < sizeBytes; sent += 10) yield Buffer.alloc(10);
    }
    const store = async (content: AsyncIterable<Buffer>) => {
      let bytes = 0;
      for await (const chunk of content) bytes += chunk.length;
      storedBytes += bytes;
      return bytes;
    };
    const ended = quota.take('sender', body(), announcedBytes, store);
    ended.catch(() => undefined);
    return { begun: begun.promise, come: come.resolve, ended };
  };
  return { send, stored: () => storedBytes };
}

test('counts a folder that ended while another was coming', async () => {
  for (const announced of [0, 60]) {
    const sender = senderOf(100);
    const slow = sender.send(60, 0);
    await slow.begun;
    const quick = sender.send(60, announced);
    quick.come();
    assert.equal(await quick.ended, 60);
    slow.come();
    await assert.rejects(slow.ended, EXCEEDED);
    assert.equal(sender.stored(), 60);
    const last = sender.send(40, 40);
    last.come();
    assert.equal(await last.ended, 40);
    await assert.rejects(sender.send(10, 10).ended, EXCEEDED);
  }
});

test('gives parallel folders together no more than they have one after the other, and stops counting failed ones', async () => {
  const sender = senderOf(100);
  const sent = Array.from({ length: 8 }, (_, at) => sender.send(30, at % 2 === 0 ? 30 : 0));
  for (const { come } of sent) come();
  const ends = await Promise.allSettled(sent.map(({ ended }) => ended));
  const kept = ends.filter(({ status }) => status === 'fulfilled').length;
  assert.ok(kept >= 1 && kept <= 3, String(kept));
  assert.equal(sender.stored(), 30 * kept);
  const rest = sender.send(100 - sender.stored(), 0);
  rest.come();
  await rest.ended;
  assert.equal(sender.stored(), 100);
});
