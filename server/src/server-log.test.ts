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

test('values of callers forge no line of the server’s log and move no cursor in it', () => {
  const hostile = '\r\n{"level":60}\u001b[2J\u009b2J\u0085\u007f\u2028\u2029\u0000"\\';
  let written = '';
  const log = new ServerLog({ write: (line: string) => (written += line) });
  const logger = pino({ base: {} }, log);
  logger.error({ action: hostile, [hostile]: hostile, err: new Error(hostile) }, hostile);
  assert.doesNotMatch(written, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
  assert.equal(written.split('\n').length, 2);
  const line = JSON.parse(written) as Record<string, unknown>;
  assert.deepEqual([line.msg, line.action, line[hostile], line.level], [hostile, hostile, hostile, 50]);
});
