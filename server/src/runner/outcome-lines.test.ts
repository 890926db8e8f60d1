import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeLines } from './outcome-lines.ts';

test('says that layers could not be stacked, and nothing where they were or were not asked for', () => {
  const [layered, flat] = [true, false].map((layersUsed) => ({ refused: [], layersUsed }));
  assert.ok(layered && flat);
  assert.deepEqual(outcomeLines(layered, { layers: true }), []);
  assert.deepEqual(outcomeLines(flat, { layers: false }), []);
  assert.match(outcomeLines(flat, { layers: true }).join(), /^built without the layer cache: steps and layers/);
});

test('names a refused address, whose it is, and the setting that would open it', () => {
  const refused = { address: '10.1.2.3', protocol: 'tcp', port: 80 } as const;
  const [own, other] = outcomeLines(
    {
      layersUsed: true,
      refused: [
        { ...refused, of: 'host' },
        { ...refused, of: 'private' },
      ],
    },
    { layers: true },
  );
  assert.match(
    own ?? '',
    /^refused: tcp connection to 10\.1\.2\.3 port 80, an address of this machine; .*build-allow-addresses/,
  );
  assert.match(other ?? '', /a private or reserved address; .*build-allow-addresses lists 10\.1\.2\.3$/);
});
