import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, slipway } from './support/slipway.ts';

test('Node keeps compiled code for the next start in a folder that only its user can write', async () => {
  assert.equal((await slipway(['version'])).code, 0);
  const folder = join(ROOT, 'node_modules', '.cache', 'slipway');
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  assert.ok(entries.length > 1, 'nothing was cached');
  for (const place of [folder, ...entries]) {
    // Another start may be renaming its entries into place.
    const found = statSync(place, { throwIfNoEntry: false });
    if (found === undefined) continue;
    assert.equal(found.mode & 0o022, 0, `${place} is open to others`);
    assert.ok(found.uid === 0 || found.uid === process.getuid?.(), `${place} belongs to another user`);
  }
});
