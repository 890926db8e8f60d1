import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { readEvents, type StreamEvent } from './event-stream.ts';

const STREAM = Buffer.from(
  'retry: 1000\n\nid: 4\n\nid: 6\ndata: ["é😀"]\n\n: heartbeat\n\nevent: end\r\ndata:{"Status":"SUCCESS"}\r\ndata: second\r\n\r\nid: 9\ndata: cut off',
);
const EVENTS: StreamEvent[] = [
  { event: '', data: '', lastEventId: '4' },
  { event: '', data: '["é😀"]', lastEventId: '6' },
  { event: 'end', data: '{"Status":"SUCCESS"}\nsecond', lastEventId: '6' },
];

test('reads events the same however the bytes are cut, and drops one that the end cuts off', async () => {
  const cuts = fc.array(fc.nat(STREAM.length), { maxLength: 12 }).map((places) => places.sort((a, b) => a - b));
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      const chunks = [0, ...places].map((from, at) => STREAM.subarray(from, places[at] ?? STREAM.length));
      const events: StreamEvent[] = [];
      for await (const event of readEvents(Readable.from(chunks))) events.push(event);
      assert.deepEqual(events, EVENTS);
    }),
  );
});
