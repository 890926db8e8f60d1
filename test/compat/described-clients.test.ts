import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { operationsOf } from '../../server/src/gateway/testing/operations.ts';
import { send, signAcs3, signV1 } from '../../server/src/gateway/testing/send.ts';
import { operation } from '../../server/src/rpc/operation.ts';
import { v1Signature, v1StringToSign } from '../../server/src/signature/signature-v1.ts';

// Requests of clients that npm does not have, written from their published sources: how they place and encode
// parameters. The signatures are ours; the clients in vendor-clients.ts test those.

const VALUE = "a b*~+%!'()é😀";
const PARAMS = { InstanceId: 'cri-1', RepoId: 'crr-1', BuildRecordId: VALUE };
const FORM_TYPE = 'application/x-www-form-urlencoded';

const echo = operation('ListRepoBuildRecordLog', {
  run: async (_context, received) => ({
    PageNo: 1,
    PageSize: 100,
    TotalCount: '1',
    BuildRecordLogs: [{ LineNumber: 1, Message: received.BuildRecordId, BuildStage: 'GIT_CLONE' }],
  }),
});
const operations = operationsOf(echo);

/** As Go's `url.Values.Encode` writes it: a space is `+`, and only `A-Za-z0-9-_.~` stay. */
function goEncoded(parameters: Record<string, string>): string {
  const encode = (text: string) =>
    encodeURIComponent(text)
      .replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+');
  return Object.entries(parameters)
    .map(([name, text]) => `${encode(name)}=${encode(text)}`)
    .join('&');
}

test('understands the old Go SDK (aliyun CLI, part of Terraform): everything in the query of a POST, an empty form body', async () => {
  await using gateway = await startGatewayUnderTest({ operations });
  const extra = { Action: echo.action, RegionId: 'cn-hangzhou', SignatureType: '', ...PARAMS };
  const signed = signV1(gateway, 'POST', extra);
  const headers = { 'Content-Type': FORM_TYPE, Accept: '*/*', 'x-sdk-client': 'golang/1.0.0', 'Content-Length': '0' };
  const reply = await send(gateway, `/?${goEncoded(signed)}`, { method: 'POST', headers });
  assert.equal(JSON.parse(reply.body).BuildRecordLogs?.[0].Message, VALUE, reply.body);
});

test('understands the Go and Java clients in ACS3 form: header names in another letter case, parameters in the query', async () => {
  await using gateway = await startGatewayUnderTest({ operations });
  const given = { 'x-acs-action': echo.action, 'x-acs-credentials-provider': 'static_ak' };
  const lines = signAcs3(gateway, given, Object.entries(PARAMS));
  const titled = lines.flatMap(([name, text]) => [name.replace(/(^|-)([a-z])/g, (part) => part.toUpperCase()), text]);
  const headers = [...titled, 'Accept', 'application/json', 'Content-Length', '0', 'User-Agent', 'Go'];
  const reply = await send(gateway, `/?${goEncoded(PARAMS)}`, { method: 'POST', headers });
  assert.equal(JSON.parse(reply.body).BuildRecordLogs?.[0].Message, VALUE, reply.body);
});

test("understands the spelling of the vendor's documentation: GET, TimeStamp, no Format, XML", async () => {
  await using gateway = await startGatewayUnderTest({ operations });
  const { Timestamp = '', Format: _f, Signature: _s, ...common } = signV1(gateway, 'GET', {});
  const parameters: Record<string, string> = { ...common, Action: echo.action, ...PARAMS, TimeStamp: Timestamp };
  parameters.Signature = v1Signature(gateway.accessKeySecret, v1StringToSign('GET', Object.entries(parameters)));
  const reply = await send(gateway, `/?${goEncoded(parameters)}`);
  assert.equal(reply.status, 200, reply.body);
  assert.equal(reply.headers['content-type'], 'text/xml;charset=utf-8');
  assert.match(reply.body, /<ListRepoBuildRecordLogResponse>.*<BuildStage>GIT_CLONE<\/BuildStage>/);
});
