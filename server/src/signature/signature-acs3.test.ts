import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '#rpc/errors/api-error.ts';
import { acs3Parts } from './signature-acs3.ts';

// The worked example from the vendor's page on the V3 request structure.
const SIGNED_NAMES = 'host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version';
const SIGNATURE = '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0';
const HEADERS: Record<string, string> = {
  host: 'ecs.cn-shanghai.aliyuncs.com',
  'x-acs-action': 'RunInstances',
  'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  'x-acs-date': '2023-10-26T10:22:32Z',
  'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
  'x-acs-version': '2014-05-26',
  authorization: `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=${SIGNED_NAMES},Signature=${SIGNATURE}`,
};
const QUERY = [
  ['RegionId', 'cn-shanghai'],
  ['ImageId', 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd'],
] as const;

test("agrees with the vendor's published ACS3 example", () => {
  const parts = read(HEADERS);
  assert.equal(parts.sign('YourAccessKeySecret', parts.stringsToSign[0]), SIGNATURE);
  assert.equal(parts.signature, SIGNATURE);
  assert.equal(parts.accessKeyId, 'YourAccessKeyId');
});

test('requires every relevant header to be present and signed', () => {
  for (const name of SIGNED_NAMES.split(';')) {
    const absent = { ...HEADERS };
    delete absent[name];
    assert.match(refusal(absent).code, /^(MissingParameter|IncompleteSignature)$/, name);
    const names = SIGNED_NAMES.split(';')
      .filter((other) => other !== name)
      .join(';');
    const unsigned = { ...HEADERS, authorization: (HEADERS.authorization ?? '').replace(SIGNED_NAMES, names) };
    assert.equal(refusal(unsigned).code, 'IncompleteSignature', name);
  }
});

test('refuses an unsigned x-acs header, and a signed header that is sent twice', () => {
  assert.match(refusal({ ...HEADERS, 'x-acs-security-token': 't' }).message, /x-acs-security-token is not signed/);
  const twice = new Map(Object.entries(HEADERS).map(([name, value]) => [name, [value]]));
  twice.set('x-acs-action', ['RunInstances', 'StopInstances']);
  assert.throws(
    () => acs3Parts({ method: 'POST', path: '/', query: QUERY, headers: twice, alsoSigned: [] }),
    /was sent 2 times/,
  );
});

test('refuses a malformed or ambiguous Authorization header', () => {
  const good = HEADERS.authorization ?? '';
  const bad = [
    good.replace('ACS3-HMAC-SHA256', 'ACS3-HMAC-SHA1'),
    good.replace('ACS3-HMAC-SHA256', 'ACS3-RSA-SHA256'),
    good.replace('ACS3-HMAC-SHA256', 'acs3-hmac-sha256'),
    `${good},Signature=00`,
    `${good},Other=1`,
    good.replace(/,Signature=.*/, ''),
    good.replace(/Signature=.*/, 'Signature='),
    good.replace('Credential=YourAccessKeyId', 'Credential='),
    good.replace('host;x-acs-action', 'x-acs-action;host'),
    good.replace('host;', 'host;host;'),
    good.replace('host;', 'Host;'),
    good.replace('host;', 'date;host;'),
  ];
  for (const authorization of bad) {
    const { code } = refusal({ ...HEADERS, authorization });
    assert.match(code, /^(IncompleteSignature|MissingParameter)$/, authorization);
  }
});

function read(sent: Record<string, string>) {
  const map = new Map(Object.entries(sent).map(([name, value]) => [name, [value]]));
  return acs3Parts({
    method: 'POST',
    path: '/',
    query: QUERY,
    headers: map,
    alsoSigned: ['x-acs-action', 'x-acs-version'],
  });
}

function refusal(sent: Record<string, string>): ApiError {
  try {
    read(sent);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(sent)}`);
}
