import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '#rpc/errors/api-error.ts';
import { v1Parts, v1Signature, v1StringToSign } from './signature-v1.ts';

// The worked example from the vendor's page on the RPC signature.
const PUBLISHED = {
  Timestamp: '2016-02-23T12:46:24Z',
  Format: 'XML',
  AccessKeyId: 'testid',
  Action: 'DescribeRegions',
  SignatureMethod: 'HMAC-SHA1',
  SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
  Version: '2014-05-26',
  SignatureVersion: '1.0',
  Signature: 'OLeaidS1JvxuMvnyHOwuJ+uX5qY=',
};

test("agrees with the vendor's published v1 example", () => {
  const parts = v1Parts({ method: 'GET', parameters: new Map(Object.entries(PUBLISHED)) });
  assert.equal(parts.sign('testsecret', parts.stringsToSign[0]), PUBLISHED.Signature);
  assert.equal(parts.accessKeyId, 'testid');
});

test('signs decoded values, so that a request has the same string to sign however it is encoded', () => {
  const stringToSign = v1StringToSign('POST', [
    ['b', 'a b*~+%/é'],
    ['a', ''],
    ['Signature', 'left out'],
  ]);
  assert.equal(stringToSign, 'POST&%2F&a%3D%26b%3Da%2520b%252A~%252B%2525%252F%25C3%25A9');
  assert.notEqual(v1Signature('secret', stringToSign), v1Signature('secret', stringToSign.replace('POST', 'GET')));
});

test('names the first missing part of the signature', () => {
  for (const name of [
    'AccessKeyId',
    'Signature',
    'SignatureMethod',
    'SignatureVersion',
    'SignatureNonce',
    'Timestamp',
  ]) {
    for (const value of [undefined, '']) {
      const error = refusal({ [name]: value });
      assert.equal(error.code, 'MissingParameter', name);
      assert.match(error.message, new RegExp(`"${name}"`));
    }
  }
});

test('accepts exactly one algorithm and version', () => {
  const methods = [
    'NONE',
    'none',
    'HMAC-SHA256',
    'hmac-sha1',
    'HMAC-SHA1 ',
    ' HMAC-SHA1',
    'HMAC_SHA1',
    'SHA256withRSA',
  ];
  for (const method of methods) assert.match(refusal({ SignatureMethod: method }).message, /"SignatureMethod"/);
  for (const version of ['1', '1.00', '2.0', 'v1']) {
    assert.match(refusal({ SignatureVersion: version }).message, /"SignatureVersion"/);
  }
  assert.match(refusal({ SignatureType: 'BEARERTOKEN' }).message, /"SignatureType"/);
  assert.ok(v1Parts({ method: 'GET', parameters: new Map(Object.entries({ ...PUBLISHED, SignatureType: '' })) }));
});

function refusal(change: Record<string, string | undefined>): ApiError {
  const entries = Object.entries({ ...PUBLISHED, ...change }).filter(([, value]) => value !== undefined);
  try {
    v1Parts({ method: 'GET', parameters: new Map(entries as [string, string][]) });
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error(`accepted ${JSON.stringify(change)}`);
}
