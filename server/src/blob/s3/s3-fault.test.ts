import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get as getHttp, Agent as HttpAgent } from 'node:http';
import { get as getHttps, Agent as HttpsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { s3Fault } from './s3-fault.ts';

test('a proxy that does not answer is named with its variable, not the store', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const proxy = `http://ann:pass-word@127.0.0.1:${port}/`;
  const proxyEnv = { http_proxy: proxy, https_proxy: proxy };
  const faultOf = async (endpoint: string) => {
    const request = endpoint.startsWith('https:')
      ? getHttps(endpoint, { agent: new HttpsAgent({ proxyEnv }) })
      : getHttp(endpoint, { agent: new HttpAgent({ proxyEnv }) });
    const [error] = await once(request, 'error').catch((error: unknown) => [error]);
    return s3Fault(error, 'write x', { bucket: 'b', prefix: '' }, { endpoint, pathStyle: true, proxy: proxyEnv });
  };
  const sentence = (variable: string) =>
    new RegExp(
      `^the proxy of ${variable} \\(http://127\\.0\\.0\\.1:${port}\\) does not answer \\(ECONNREFUSED\\); start`,
    );
  for (const [endpoint, variable] of [
    ['http://store.example', 'HTTP_PROXY'],
    ['https://store.example', 'HTTPS_PROXY'],
  ] as const) {
    const { isSetting, message } = await faultOf(endpoint);
    assert.match(message, sentence(variable));
    assert.equal(isSetting, false);
  }
  const direct = Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect', address: '10.0.0.1', port });
  const access = { endpoint: 'http://store.example', pathStyle: true, proxy: proxyEnv };
  assert.match(
    s3Fault(direct, 'write x', { bucket: 'b', prefix: '' }, access).message,
    /^http:\/\/store\.example cannot/,
  );
});

test('a server is told its settings, not the flags of a command, and a command that it may be run again', () => {
  const place = { bucket: 'b', prefix: '' };
  const messageOf = (error: object, namedFor: 'server' | 'command') =>
    s3Fault(error, 'write x', place, { endpoint: 'http://store.example', pathStyle: true, namedFor }).message;
  const errors = [
    ...['CredentialsProviderError', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'NoSuchBucket', 'PermanentRedirect'],
    ...['AccessDenied', 'QuotaExceeded', 'RequestTimeTooSkewed'],
  ].map((name) => ({ name, message: 'm' }));
  const codes = ['ENOTFOUND', 'CERT_HAS_EXPIRED', 'EPROTO', 'ECONNREFUSED'].map((code) => ({ code, message: 'm' }));
  const statuses = [404, 409, 503].map((httpStatusCode) => ({ message: 'm', $metadata: { httpStatusCode } }));
  for (const error of [...errors, ...codes, ...statuses]) {
    const message = messageOf(error, 'server');
    assert.doesNotMatch(message, /--[a-z]|same command|AWS_/);
  }
  assert.match(messageOf({ code: 'CERT_HAS_EXPIRED' }, 'server'), /the setting trusted-ca-file$/);
  assert.match(messageOf({ code: 'CERT_HAS_EXPIRED' }, 'command'), /--ca-file$/);
  assert.match(messageOf({ code: 'ECONNREFUSED' }, 'command'), /run the same command again later, it continues$/);
});
