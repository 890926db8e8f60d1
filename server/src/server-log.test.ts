import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { ServerLog } from './server-log.ts';

test('a secret is in no line of the server’s log, also inside an error’s chain, and lines stay JSON', () => {
  const lines: string[] = [];
  const log = new ServerLog({ write: (line: string) => lines.push(line) });
  const logger = pino({ base: {} }, log);
  log.keepOut('quo"ted\\secret');
  logger.error({ err: new Error('outer', { cause: new Error('inner quo"ted\\secret') }) }, 'say quo"ted\\secret');
  logger.child({ part: 'registry' }).info({ url: `http://x/${encodeURIComponent('quo"ted\\secret')}` }, 'fetched');
  for (const line of lines) assert.doesNotMatch(JSON.stringify(JSON.parse(line)), /ted.*secret/);
  assert.equal(JSON.parse(lines[1] ?? '').url, 'http://x/***');
});
