import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { pino } from 'pino';
import { type LogManner, ServerLog } from './server-log.ts';

function openLog(manner?: LogManner) {
  const lines: string[] = [];
  const log = new ServerLog({ write: (line: string) => lines.push(line) }, manner);
  return { lines, log, logger: pino({ base: { host: 'm1' } }, log) };
}

const HOSTILE = '\r\n{"level":60}\u001b[2J\u009b2J\u0085\u007f\u2028\u2029\u202e\u0000"\\';
const FORBIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/;

test('a secret is in no line of the server’s log, also inside an error’s chain, and lines stay JSON', () => {
  const { lines, log, logger } = openLog();
  log.keepOut('quo"ted\\secret');
  logger.error({ err: new Error('outer', { cause: new Error('inner quo"ted\\secret') }) }, 'say quo"ted\\secret');
  logger.child({ part: 'registry' }).info({ url: `http://x/${encodeURIComponent('quo"ted\\secret')}` }, 'fetched');
  for (const line of lines) assert.doesNotMatch(JSON.stringify(JSON.parse(line)), /ted.*secret/);
  assert.equal(JSON.parse(lines[1] ?? '').url, 'http://x/***');
});

test('values of callers forge no line of the server’s log and move no cursor in it', () => {
  const { lines, logger } = openLog();
  logger.error({ action: HOSTILE, [HOSTILE]: HOSTILE, err: new Error(HOSTILE) }, HOSTILE);
  const written = lines.join('');
  assert.doesNotMatch(written, FORBIDDEN);
  assert.equal(written.split('\n').length, 2);
  const line = JSON.parse(written) as Record<string, unknown>;
  assert.deepEqual([line.msg, line.action, line[HOSTILE], line.level], [HOSTILE, HOSTILE, HOSTILE, 50]);
  const text = openLog({ format: 'text' });
  text.log.keepOut('hunter2secret');
  text.logger.error(
    { action: HOSTILE, [HOSTILE]: HOSTILE, err: new Error('hunter2secret') },
    `${HOSTILE} hunter2secret`,
  );
  assert.doesNotMatch(text.lines.join(''), FORBIDDEN);
  assert.doesNotMatch(text.lines.join(''), /hunter2/);
  assert.equal(text.lines.join('').split('\n').length, 2);
});

test('a line for people has time, level, message and details, and what was thrown where', () => {
  const { lines, logger } = openLog({ format: 'text' });
  const at = { time: Date.UTC(2026, 11, 1, 9, 30, 5, 7) };
  logger.info(
    { ...at, repository: 'team/app', seconds: 3.2, reason: 'no "x" here', missing: undefined },
    'build b-1 ended',
  );
  logger.error({ ...at, err: new Error('outer', { cause: new Error('inner') }) }, 'it failed');
  logger.child({ part: 'registry' }).warn({ ...at }, 'slow');
  const [first, second, third] = lines;
  assert.equal(
    first,
    '2026-12-01T09:30:05.007Z INFO  build b-1 ended repository=team/app seconds=3.2 reason="no \\"x\\" here"\n',
  );
  assert.match(
    second ?? '',
    /^2026-12-01T09:30:05\.007Z ERROR it failed error="outer: inner" at=".*server-log\.test\.ts:\d+:\d+\)?"\n$/,
  );
  assert.equal(third, '2026-12-01T09:30:05.007Z WARN  registry: slow\n');
});

test('lines for the journal begin with its priority and leave the time to it', () => {
  const { lines, logger } = openLog({ format: 'text', journal: true });
  for (const level of ['fatal', 'error', 'warn', 'info'] as const) logger[level]('said');
  assert.deepEqual(lines, ['<2>FATAL said\n', '<3>ERROR said\n', '<4>WARN  said\n', '<6>INFO  said\n']);
});

test('no line is longer than 8 KiB of characters and a note, whatever it is about', () => {
  for (const format of ['text', 'json'] as const) {
    const { lines, logger } = openLog({ format });
    const long = '"\\\u0001'.repeat(10_000);
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`name${at}`, long]));
    logger.error({ sent: long, err: new Error(long) }, long);
    logger.error({ list: Array.from({ length: 10_000 }, () => 'x') }, 'list');
    logger.error(many, 'many');
    for (const line of lines) assert.ok(line.length < 8192 + 4096, `${format}: ${line.length}`);
    if (format === 'json') for (const line of lines) assert.equal(JSON.parse(line).level, 50);
  }
});

test('of a flood of one message, a minute has 20 lines about one address, 200 in all, and the number of the rest', (t) => {
  const { lines, logger } = openFloodedLog(t);
  const refuse = (times: number, sourceIp: string) => {
    for (let at = 0; at < times; at++) logger.warn({ sourceIp }, 'call refused');
  };
  refuse(1000, '203.0.113.9');
  assert.equal(lines.length, 20);
  for (let host = 0; host < 250; host++) refuse(1, `198.51.100.${host}`);
  assert.equal(lines.length, 200);
  logger.info('build b-1 began');
  assert.equal(lines.length, 201);
  t.mock.timers.tick(60_000);
  assert.match(
    lines.at(-1) ?? '',
    /WARN {2}lines like this were left out of the log in the last minute like="call refused" count=1050\n$/,
  );
  refuse(1, '203.0.113.9');
  assert.equal(lines.length, 203);
  t.mock.timers.tick(120_000);
  assert.equal(lines.length, 203);
});

test('lines of level debug are never left out, and a server that ends says what it left out', (t) => {
  const { lines, log, logger } = openFloodedLog(t);
  for (let at = 0; at < 300; at++) logger.debug('call answered');
  assert.equal(lines.length, 300);
  for (let at = 0; at < 201; at++) logger.warn('call refused');
  assert.equal(lines.length, 500);
  log.flush();
  assert.match(lines.at(-1) ?? '', /count=1\n$/);
});

function openFloodedLog(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const opened = openLog({ format: 'text' });
  opened.logger.level = 'debug';
  return opened;
}
