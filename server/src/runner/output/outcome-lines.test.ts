import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeLines } from './outcome-lines.ts';

test('names a refused address, its kind, and the setting that would allow it', () => {
  const refused = { address: '10.1.2.3', protocol: 'tcp', port: 80 } as const;
  const [own, other] = outcomeLines({
    refused: [
      { ...refused, of: 'host' },
      { ...refused, of: 'private' },
    ],
  });
  assert.match(
    own ?? '',
    /^refused: tcp connection to 10\.1\.2\.3 port 80, an address of this machine; .*build-allow-addresses/,
  );
  assert.match(other ?? '', /a private or reserved address; .*build-allow-addresses lists 10\.1\.2\.3$/);
});
