import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFinal, readLog, waitForSeal, waitForStatus } from '../support/log-reader.ts';
import { queueBuild } from '../support/queue-build.ts';
import { type PrintedLine, ROOT, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'generates and compiles a client: runs with SLIPWAY_TEST_LONG=1';

/** A program written with only the generated client. */
const READER = `import * as api from './api.ts';

const [, , baseUrl = '', token = '', id = ''] = process.argv;
api.defaults.baseUrl = baseUrl;
const opts = { headers: { authorization: \`Bearer \${token}\` } };
const lines: api.Line[] = [];
for (let total = 1; lines.length < total; ) {
  const page = await api.getLogPage(id, { offset: lines.length, limit: 7 }, opts);
  if (page.status !== 200) throw new Error((page.data as api.Error).Message);
  const data = page.data as api.GetLogPageReply;
  total = data.TotalCount;
  lines.push(...data.Lines);
}
const found = await api.searchLog(id, { q: 'needle' }, opts);
const refused = await api.getLogPage(id, { limit: 0 }, opts);
console.log(JSON.stringify({ lines, found: found.data, refused: refused.status }));
`;

test('a client generated from the OpenAPI document compiles and reads a log', { skip: SKIP }, async (t) => {
  const server = await startServer(t);
  const key = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo a needle\n' });
  await waitForStatus(server.client, key, isFinal);
  await waitForSeal(server.client, key.BuildRecordId);
  const token = (await slipway(['token', '--data', server.dataFolder])).stdout.trim();
  const base = `${server.root.Endpoint}/api/v1`;

  const folder = temporaryFolder(t);
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { cwd: folder, encoding: 'utf8' });
  writeFileSync(join(folder, 'openapi.json'), await (await fetch(`${base}/openapi.json`)).text());
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'reader.ts'), READER);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const bin = join(ROOT, 'node_modules', '.bin');
  const { generateSource } = await import('oazapfts');
  writeFileSync(join(folder, 'api.ts'), await generateSource(join(folder, 'openapi.json')));
  const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--types', 'node'];
  run(join(bin, 'tsc'), ...strict, '--allowImportingTsExtensions', '--skipLibCheck', 'reader.ts');

  const told = JSON.parse(run(process.execPath, 'reader.ts', base, token, key.BuildRecordId)) as {
    lines: PrintedLine[];
    found: { Hits: { Line: PrintedLine }[] };
    refused: number;
  };
  const plain = ({ LineNumber, Message, BuildStage }: PrintedLine) => ({ LineNumber, Message, BuildStage });
  assert.deepEqual(told.lines.map(plain), await readLog(server.client, key));
  assert.ok(told.found.Hits.some(({ Line }) => Line.Message === 'a needle'));
  assert.equal(told.refused, 400);
});
