import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { SETTINGS } from './config.ts';

test('`slipway serve --help` names every setting with its variable and its default, and starts nothing', () => {
  const help = execFileSync(process.execPath, [new URL('../main.ts', import.meta.url).pathname, 'serve', '--help'], {
    encoding: 'utf8',
  });
  for (const name of Object.keys(SETTINGS)) assert.ok(help.includes(`\n  --${name} (SLIPWAY_`), name);
  assert.match(help, /--listen \(SLIPWAY_LISTEN, otherwise 127\.0\.0\.1:8720\)/);
});
