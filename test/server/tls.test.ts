import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, getCACertificates, setDefaultCACertificates } from 'node:tls';
import credentials from '@alicloud/credentials';
import openApiCore from '@alicloud/openapi-core';
import teaUtil from '@alicloud/tea-util';
import { makeAuthority } from '../support/peers/certificates.ts';
import { slipway, startServer, summaryValue, temporaryFolder } from '../support/slipway.ts';

const { server, host, pair, authority } = await startTlsServer();

const everybody = (account: string) => ({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: [`acs:ram::${account}:root`] } }],
});

test('the vendor’s credentials client assumes a role over TLS and its session makes calls; it reports a wrong secret as wrong', async () => {
  const { client, root } = server;
  const trust = JSON.stringify(everybody(root.AccountId));
  const { Role } = await client.call('CreateRole', { RoleName: 'ci', AssumeRolePolicyDocument: trust });
  const PolicyName = 'AliyunContainerRegistryReadOnlyAccess';
  await client.call('AttachPolicyToRole', { PolicyType: 'System', PolicyName, RoleName: 'ci' });
  await client.call('CreateUser', { UserName: 'robot' });
  const named = { PolicyType: 'System', PolicyName: 'AliyunSTSAssumeRoleAccess', UserName: 'robot' } as const;
  await client.call('AttachPolicyToUser', named);
  const { AccessKey } = await client.call('CreateAccessKey', { UserName: 'robot' });

  const { default: Credential, Config } = credentials;
  const assuming = {
    type: 'ram_role_arn',
    accessKeyId: AccessKey?.AccessKeyId,
    accessKeySecret: AccessKey?.AccessKeySecret,
    roleArn: Role?.Arn,
    roleSessionName: 'nightly',
    stsEndpoint: host,
  };
  // It says so only if the server's string to sign, at the end of the message, equals its own to the last character.
  const mistyped = new Credential(new Config({ ...assuming, accessKeySecret: 'wrong' }));
  await assert.rejects(mistyped.getCredential(), /^Error: the access key secret is invalid$/);
  const credential = new Credential(new Config(assuming));
  const session = await credential.getCredential();
  assert.match(session.accessKeyId ?? '', /^STS\./);

  const { default: Client, $OpenApiUtil } = openApiCore;
  const caller = new Client(new $OpenApiUtil.Config({ endpoint: host, protocol: 'https', credential }));
  const call = { action: 'ListInstance', version: '2018-12-01', protocol: 'HTTPS', pathname: '/', method: 'POST' };
  const rpc = { authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json' };
  const params = new $OpenApiUtil.Params({ ...call, ...rpc });
  const reply = await caller.callApi(
    params,
    new $OpenApiUtil.OpenApiRequest({ query: {} }),
    new teaUtil.RuntimeOptions({}),
  );
  assert.equal(reply.body.Instances[0].InstanceId, root.InstanceId);
});

test('a build runs, pushes and reads its log over TLS, and another machine logs in and pulls it', async (t) => {
  const env = { SLIPWAY_DATA: server.dataFolder };
  const stranger = await slipway(['build', 'examples/hello', '--endpoint', server.root.Endpoint], { env });
  assert.equal(stranger.code, 4);
  assert.match(stranger.stderr, /certificate of the server is not trusted .*--ca-file/);
  const built = await slipway(['--ca-file', authority.certificate, 'build', 'examples/hello'], { env });
  assert.equal(built.code, 0, built.stderr);
  assert.equal(summaryValue(built.stdout, 'Status'), 'SUCCESS');

  // The README's way to another machine, which has the authority's certificate and the password alone.
  const { root } = server;
  const host = new URL(root.Endpoint).host;
  const given = await slipway(['--ca-file', authority.certificate, 'login', '--print-password'], { env });
  assert.equal(given.code, 0, given.stderr);
  const certificates = temporaryFolder(t);
  copyFileSync(authority.certificate, join(certificates, 'ca.crt'));
  const skopeo = (args: string[], input = '') => {
    const login = ['--cert-dir', certificates, '--authfile', join(certificates, 'auth.json')];
    return execFileSync('skopeo', [args[0] ?? '', ...login, ...args.slice(1)], { input, encoding: 'utf8' });
  };
  skopeo(['login', '--username', 'cr_temp_user', '--password-stdin', host], given.stdout);
  const image = summaryValue(built.stdout, 'Image') ?? '';
  const digest = skopeo(['inspect', '--format', '{{.Digest}}', `docker://${image.replace(/@.*$/, '')}`]).trim();
  assert.ok(built.stdout.includes(digest), `${image} is ${digest}`);
});

test('a changed certificate is used for new connections, but not if key and certificate do not match', async () => {
  const before = await serialNumber(host);
  copyFileSync(authority.issue('127.0.0.1').key, pair.key);
  await waitFor(() => server.stderr().includes('the certificate was not renewed'));
  assert.equal(await serialNumber(host), before);
  const next = authority.issue('127.0.0.1');
  renameSync(next.key, pair.key);
  renameSync(next.cert, pair.cert);
  await waitFor(() => server.stderr().includes('the certificate was renewed'));
  assert.notEqual(await serialNumber(host), before);
});

async function startTlsServer() {
  const scope = { after };
  const folder = temporaryFolder(scope);
  const authority = makeAuthority(folder);
  const pair = authority.issue('127.0.0.1');
  setDefaultCACertificates([...getCACertificates('default'), readFileSync(authority.certificate, 'utf8')]);
  chmodSync(folder, 0o755);
  const flags = ['--tls-cert', pair.cert, '--tls-key', pair.key];
  const server = await startServer(scope, { dataFolder: join(folder, 'data'), flags });
  assert.match(server.root.Endpoint, /^https:\/\/127\.0\.0\.1:\d+$/);
  return { server, host: new URL(server.root.Endpoint).host, pair, authority };
}

function serialNumber(host: string): Promise<string> {
  const [name = '', port] = host.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: name, port: Number(port) }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

async function waitFor(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    if (tries >= 1200) throw new Error(`this never became true: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
