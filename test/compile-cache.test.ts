import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, slipway } from './support/slipway.ts';

test('what Node compiled is kept for the next start, where nobody but its user may write', async () => {
  assert.equal((await slipway(['version'])).code, 0);
  const folder = join(ROOT, 'node_modules', '.cache', 'slipway');
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  assert.ok(entries.length > 1, 'nothing was kept');
  for (const place of [folder, ...entries]) {
    // Another start renames its entries into place meanwhile.
    const found = statSync(place, { throwIfNoEntry: false });
    if (found === undefined) continue;
    assert.equal(found.mode & 0o022, 0, `${place} is open to others`);
    assert.ok(found.uid === 0 || found.uid === process.getuid?.(), `${place} is another’s`);
  }
});
