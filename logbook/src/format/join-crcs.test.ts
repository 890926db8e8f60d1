import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';

import fc from 'fast-check';

import { joinCrcs } from './join-crcs.ts';

test('joins two CRCs into the CRC of the concatenated bytes, for any bytes and lengths', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), fc.nat(70_000), (first, second, zeros) => {
      const rest = Buffer.concat([second, Buffer.alloc(zeros)]);
      assert.equal(joinCrcs(crc32(first), crc32(rest), rest.length), crc32(Buffer.concat([first, rest])));
    }),
    { numRuns: 300 },
  );
});
