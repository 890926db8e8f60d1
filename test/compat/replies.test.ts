import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { operationsOf } from '../../server/src/gateway/testing/operations.ts';
import { callV1, send } from '../../server/src/gateway/testing/send.ts';
import { operation } from '../../server/src/rpc/operation.ts';
import { assertGolden } from '../support/api/golden-file.ts';

const spec = JSON.parse(readFileSync(new URL('../../spec/cr-2018-12-01.json', import.meta.url), 'utf8'));
const IDS = { InstanceId: 'cri-1', RepoId: 'crr-1', BuildRecordId: 'b-1' };

/** Answers with these lines as stored. */
function logOperation(lines: object[], totalCount: string) {
  const latin1 = Buffer.from(lines.map((line) => JSON.stringify(line)).join(',')).toString('latin1');
  const found = operation('ListRepoBuildRecordLog', {
    run: async () => ({
      body: { PageNo: 1, PageSize: 100, TotalCount: totalCount, rawArray: { name: 'BuildRecordLogs', latin1 } },
    }),
  });
  return operationsOf(found);
}

/** The body, with values that differ between runs replaced. */
function steady(gateway: GatewayUnderTest, body: string): string {
  return body
    .replace(/[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/g, '00000000-0000-0000-0000-000000000000')
    .replaceAll(gateway.host, '127.0.0.1:8720')
    .replaceAll(gateway.instanceId, 'cri-0000000000000000');
}

test("gives the vendor's sample reply of the log in its exact field order", async () => {
  const sample = spec.operations.ListRepoBuildRecordLog.sampleReply;
  const operations = logOperation(sample.BuildRecordLogs, sample.TotalCount);
  await using gateway = await startGatewayUnderTest({ operations });
  const { body } = await callV1(gateway, 'ListRepoBuildRecordLog', IDS);
  const { RequestId } = JSON.parse(body);
  assert.equal(body.replace(RequestId, sample.RequestId), JSON.stringify(sample));
});

test('writes log pages with no lines, one line and hostile lines exactly as in the golden files', async () => {
  const hostile = [
    { LineNumber: 1, Message: '</Message> & "q" \u001b[31mred\u001b[0m', BuildStage: 'GIT_CLONE' },
    { LineNumber: 2, Message: '10%\r20%\r&amp; ünïcödé 😀 \u0000', BuildStage: 'DOCKER_IMAGE_BUILD' },
  ];
  for (const [name, lines] of [
    ['log-empty', []],
    ['log-hostile', hostile],
  ] as const) {
    await using gateway = await startGatewayUnderTest({ operations: logOperation([...lines], String(lines.length)) });
    for (const format of ['json', 'xml']) {
      const { body } = await callV1(gateway, 'ListRepoBuildRecordLog', { ...IDS, Format: format });
      assertGolden(`${name}.${format}`, steady(gateway, body));
    }
  }
});

test('writes replies and errors exactly as in the golden files', async () => {
  await using gateway = await startGatewayUnderTest();
  const calls: [string, string, Record<string, string>][] = [
    ['get-instance', 'GetInstance', { InstanceId: gateway.instanceId }],
    ['list-instance', 'ListInstance', { PageSize: '10' }],
    ['error-not-exist', 'GetInstance', { InstanceId: 'cri-<none>' }],
    ['error-parameter', 'ListInstance', { PageSize: 'ten' }],
  ];
  for (const [name, action, params] of calls) {
    for (const format of ['json', 'xml']) {
      const { body } = await callV1(gateway, action, { ...params, Format: format });
      assertGolden(`${name}.${format}`, steady(gateway, body));
    }
  }
  const { body } = await send(gateway, '/');
  assertGolden('error-unsigned.xml', steady(gateway, body));
});
