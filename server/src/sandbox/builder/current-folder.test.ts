import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findCurrent, makeCurrent, pruneAbandoned, pruneFolders, publishFolder } from './current-folder.ts';

test('removes at a prune the builders before the current one that no box uses, and what a killed update left', {
  skip: process.getuid?.() === 0 ? false : 'it mounts a folder: run it as root',
}, async (t) => {
  const place = mkdtempSync(join(tmpdir(), 'slipway-builders-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  const kind = { place, link: 'current', mark: 'builder.json' };
  const make = async (name: string) => {
    const made = join(place, 'making-x');
    mkdirSync(made);
    writeFileSync(join(made, 'builder.json'), '{}');
    return publishFolder(made, join(place, name), kind);
  };
  const first = await make('builder-first');
  const second = await make('builder-second');
  assert.equal(findCurrent(kind), second);
  assert.deepEqual(
    readdirSync(place),
    ['builder-first', 'builder-second', 'current'],
    'boxes may start in the one before',
  );

  const script = 'mount --bind "$1" /mnt && echo mounted && read -r _';
  const box = spawn('unshare', ['--mount', 'sh', '-c', script, 'box', first], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(box.stdout, 'data');
  assert.deepEqual(pruneFolders(kind), { removed: [], inUse: [first] });
  await make('builder-between');
  makeCurrent(second, kind);
  assert.ok(readdirSync(place).includes('builder-first'), 'updates leave it too');
  pruneFolders(kind);
  box.stdin.end();
  await once(box, 'close');
  assert.deepEqual(pruneFolders(kind), { removed: [first], inUse: [] });
  assert.deepEqual(pruneFolders(kind), { removed: [], inUse: [] });

  const third = await make('builder-third');
  makeCurrent(second, kind);
  await make('builder-fourth');
  assert.deepEqual(readdirSync(place), ['builder-fourth', 'builder-second', 'current'], `${third} was two updates old`);

  for (const name of ['making-new', 'making-old']) mkdirSync(join(place, name));
  const longAgo = new Date(Date.now() - 48 * 3_600_000);
  utimesSync(join(place, 'making-old'), longAgo, longAgo);
  pruneAbandoned(kind);
  assert.deepEqual(readdirSync(place), ['builder-fourth', 'builder-second', 'current', 'making-new']);
});
