import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRegistryLine } from './registry-line.ts';

const ANSWERED = { level: 'error', msg: 'response completed with error' };

test('logs failed requests of callers at level debug, and the registry’s own failures as errors', () => {
  const cases: [entry: Record<string, unknown>, level: string][] = [
    [{ ...ANSWERED, 'http.response.status': 404, 'err.code': 'manifest unknown' }, 'debug'],
    [{ ...ANSWERED, 'http.response.status': 404, 'err.code': 'blob unknown' }, 'debug'],
    [{ ...ANSWERED, 'http.response.status': 400, 'err.code': 'manifest invalid' }, 'debug'],
    [{ ...ANSWERED, 'http.response.status': 401, 'err.code': 'unauthorized' }, 'debug'],
    [{ level: 'warning', msg: 'error authorizing context: authorization token required' }, 'debug'],
    [{ ...ANSWERED, 'http.response.status': 500, 'err.code': 'unknown' }, 'error'],
    [{ ...ANSWERED, 'http.response.status': 503 }, 'error'],
    [{ level: 'error', msg: 'the disk is full' }, 'error'],
    [{ level: 'panic', msg: 'panic' }, 'error'],
    [{ level: 'warning', msg: 'No HTTP secret provided' }, 'warn'],
    [{ level: 'info', msg: 'listening' }, 'info'],
  ];
  for (const [entry, level] of cases)
    assert.equal(readRegistryLine(JSON.stringify(entry)).level, level, entry.msg as string);
});

test('an error names the request, and a line that is not JSON is logged unchanged', () => {
  const asked = {
    'http.request.method': 'GET',
    'http.request.uri': '/v2/a/b/manifests/y',
    'http.response.status': 500,
  };
  const { fields, text } = readRegistryLine(
    JSON.stringify({ ...ANSWERED, ...asked, 'err.message': 'unknown error', 'err.detail': 'invalid checksum' }),
  );
  const { registryError, detail, request } = fields;
  assert.deepEqual(
    [registryError, detail, request],
    ['unknown error', '"invalid checksum"', 'GET /v2/a/b/manifests/y'],
  );
  assert.equal(text, ANSWERED.msg);
  for (const line of ['panic: runtime error', 'null', '"x"'])
    assert.deepEqual(readRegistryLine(line), { level: 'warn', fields: { part: 'registry' }, text: line });
});
