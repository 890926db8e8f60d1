import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';

import { missingProgram, temporaryFolder } from '../../logbook/src/testing/logbook.ts';
import { startApiUnderTest } from '../../server/src/native/testing/api.ts';
import { noBrowser, openPage, startBrowser } from '../support/browser.ts';

const execute = promisify(execFile);
const BLOCK_BYTES = 64 * 1024;
const skipLongReason = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'runs in the longer tier';

test('zcat, Python’s gzip, jq and curl --compressed read a whole sealed log, with blocks of odd sizes', {
  skip: missingProgram('zcat', 'python3', 'jq', 'curl'),
}, async (t) => {
  const { archive, text, lineCount, url, authorization } = await oddLog(t);
  // Not synchronous: the server that curl calls is in this process.
  const run = async (script: string, ...args: string[]): Promise<Buffer> => {
    const { stdout } = await execute('sh', ['-ec', script, 'sh', ...args], { maxBuffer: 1e8, encoding: 'buffer' });
    return stdout;
  };
  assert.deepEqual(await run('zcat "$1"', archive), text);
  const python = 'import gzip,sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())';
  assert.deepEqual(await run('python3 -c "$2" "$1"', archive, python), text);
  const numbers = Array.from({ length: lineCount }, (_, at) => `${at + 1}\n`).join('');
  assert.equal((await run('zcat "$1" | jq .LineNumber', archive)).toString(), numbers);
  for (const form of ['log.ndjson', 'log.ndjson.gz']) {
    const header = `Authorization: ${authorization}`;
    assert.deepEqual(await run('curl -sf --compressed -H "$2" "$1"', `${url}/${form}`, header), text, form);
  }
});

test('Chromium reads a whole sealed log as stored, with blocks of odd sizes', {
  skip: skipLongReason || noBrowser,
}, async (t) => {
  const { endpoint, url, authorization, seal } = await oddLog(t);
  const { page } = await openPage(await startBrowser(t));
  await page.goto(`${endpoint}/api/v1/openapi.json`);
  // Scripts for the page are strings here, because this side has no DOM types.
  const read = (await page.evaluate(`(async () => {
    const url = ${JSON.stringify(`${url}/log.ndjson`)};
    const response = await fetch(url, { headers: { authorization: ${JSON.stringify(authorization)} } });
    const bytes = await response.arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const [timing] = performance.getEntriesByName(url);
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return { sha256, sizeBytes: bytes.byteLength, archiveBytes: timing.encodedBodySize };
  })()`)) as object;
  const { sha256, sizeBytes, archiveBytes } = seal;
  assert.deepEqual(read, { sha256, sizeBytes, archiveBytes });
});

/**
 * A sealed log behind the native API: blocks of one short line, of one line of almost a block, and of every size in
 * between.
 */
async function oddLog(t: TestContext) {
  const api = await startApiUnderTest(t);
  const { logbook } = api.means;
  const id = await api.beginBuild();
  const writer = await logbook.create(id);
  for (let turn = 0; turn < 60; turn += 1) {
    writer.stage('DOCKER_IMAGE_BUILD', turn);
    await writer.line(`short ${turn}: ${'"\u00e9\ud83d\ude00\\'.repeat(turn % 5)}`);
    writer.stage('DOCKER_IMAGE_BUILD', turn, 2);
    for (let line = 0; line < 4; line += 1) {
      await writer.line(
        createHash('sha512')
          .update(`${turn} ${line}`)
          .digest('hex')
          .repeat((turn * 37 + line) % 126),
      );
    }
    await writer.write(Buffer.from('\n'.repeat((turn * 13) % 100)));
  }
  const seal = await writer.seal({ verdict: 'complete' });
  await api.endBuild(id);
  const log = await logbook.open(id);
  assert.ok(log);
  const archive = join(temporaryFolder(t), 'log.ndjson.gz');
  await writeFile(archive, log.archive(0, seal.archiveBytes));
  const text = gunzipSync(readFileSync(archive));
  assert.ok(seal.blockCount > 20 && seal.sizeBytes > 20 * BLOCK_BYTES, `${seal.blockCount} blocks`);
  assert.equal(createHash('sha256').update(text).digest('hex'), seal.sha256);
  assert.deepEqual([seal.sizeBytes, seal.archiveBytes], [text.length, readFileSync(archive).length]);
  const url = `${api.endpoint}/api/v1/builds/${id}`;
  return { ...api, archive, text, lineCount: seal.lineCount, seal, url };
}
