import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeFrame, type Frame, readFrames } from './frame.ts';

async function framesOf(chunks: Buffer[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readFrames(stream(chunks))) frames.push(frame);
  return frames;
}

async function* stream(chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

test('reads back the frames that were written, wherever the stream is cut', async () => {
  const frame = fc.record({ type: fc.integer({ min: 0, max: 255 }), payload: fc.uint8Array({ maxLength: 300 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 12 }), fc.array(fc.nat(4000)), async (frames, cuts) => {
      const bytes = Buffer.concat(frames.flatMap(({ type, payload }) => encodeFrame(type, Buffer.from(payload))));
      const places = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) => a - b);
      const chunks = places.slice(1).map((end, at) => bytes.subarray(places[at], end));
      const read = (await framesOf(chunks)).map(({ type, payload }) => ({ type, payload: [...payload] }));
      assert.deepEqual(
        read,
        frames.map(({ type, payload }) => ({ type, payload: [...payload] })),
      );
    }),
  );
});

test('refuses a length that no helper writes, instead of waiting for it', async () => {
  await assert.rejects(framesOf([Buffer.from([1, 255, 255, 255, 255, 0])]), /a frame of 4294967295 bytes/);
});
