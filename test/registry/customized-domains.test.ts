import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { makeAuthority } from '../support/peers/certificates.ts';
import { startServer, temporaryFolder } from '../support/slipway.ts';

const DOMAIN = 'registry.team.test';

test('a customized domain has its own certificate, is named in the token’s address, and goes when it is deleted', async (t) => {
  const folder = temporaryFolder(t);
  const authority = makeAuthority(folder);
  const ca = readFileSync(authority.certificate, 'utf8');
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, ca]);
  t.after(() => setDefaultCACertificates(trusted));
  chmodSync(folder, 0o755);
  const certificates = join(folder, 'certificates');
  mkdirSync(certificates);
  const add = (name: string, host: string) => {
    const { cert, key } = authority.issue('127.0.0.9', host);
    copyFileSync(cert, join(certificates, `${name}.crt`));
    copyFileSync(key, join(certificates, `${name}.key`));
  };
  add('21428921', DOMAIN);
  add('wild', '*.team.test');
  add('other', 'other.test');
  add('torn', DOMAIN);
  copyFileSync(join(certificates, 'other.key'), join(certificates, 'torn.key'));
  const own = authority.issue('127.0.0.1');
  const flags = ['--tls-cert', own.cert, '--tls-key', own.key, '--domain-certificates', certificates];
  const dataFolder = join(folder, 'data');
  const { client, root } = await startServer(t, { dataFolder, flags });
  const { InstanceId } = root;
  const port = new URL(root.Endpoint).port;
  const place = { InstanceId, Domain: DOMAIN, ModuleName: 'Registry' };

  /** What a client sees that reaches the server by a name: the names of its certificate, and where tokens come from. */
  const visit = (
    name: string,
    host = `${name}:${port}`,
  ): Promise<[names: string | undefined, realm: string | undefined]> =>
    new Promise((resolve, reject) => {
      const to = { host: '127.0.0.1', port, servername: name, path: '/v2/', headers: { host }, ca, agent: false };
      const sent = request({ ...to, checkServerIdentity: () => undefined }, (answer) => {
        const names = (answer.socket as TLSSocket).getPeerCertificate().subjectaltname;
        const realm = /realm="([^"]*)"/.exec(answer.headers['www-authenticate'] ?? '')?.[1];
        answer.resume().on('end', () => resolve([names?.replace(/.*DNS:/, ''), realm]));
      });
      sent.on('error', reject).end();
    });
  const code = (act: Promise<unknown>) =>
    act.then(
      () => 'success',
      (error: { code: string }) => error.code,
    );

  const [, publicRealm] = await visit(DOMAIN);
  assert.deepEqual(await visit(DOMAIN), ['localhost', publicRealm]);
  const create = (CertId: string, more = {}) =>
    code(client.call('CreateInstanceCustomizedDomain', { ...place, CertId, ...more }));
  assert.equal(await create('none'), 'CERT_NOT_EXIST');
  assert.equal(await create('../certificates/21428921'), 'CERT_NOT_EXIST');
  for (const unusable of ['other', 'torn', 'proxy'])
    assert.equal(await create(unusable), 'InvalidParameter.CertId', unusable);
  for (const Domain of ['10.0.0.1', 'localhost', 'a b.test', `${'a.'.repeat(130)}test`, 'registry.team.test:443'])
    assert.equal(await create('21428921', { Domain }), 'InvalidParameter.Domain', Domain);
  assert.equal(await create('21428921', { ModuleName: 'Web' }), 'InvalidParameter.ModuleName');
  assert.equal(await create('21428921', { Domain: DOMAIN.toUpperCase() }), 'success');
  assert.equal(await create('wild', { ModuleName: 'Chart' }), 'CUSTOMIZED_DOMAIN_ALREADY_EXIST');

  assert.deepEqual(await visit(DOMAIN), [DOMAIN, `https://${DOMAIN}:${port}/token`]);
  // Other names, and a host that only claims to be it in another case, behave as before.
  assert.deepEqual(await visit('other.test'), ['localhost', publicRealm]);
  const { Domains } = await client.call('GetInstanceEndpoint', { InstanceId, EndpointType: 'internet' });
  assert.deepEqual(Domains?.at(-1), { Domain: DOMAIN, Type: 'USER' });
  const shown = await client.call('GetInstanceCustomizedDomain', place);
  assert.deepEqual(
    [shown.CertId, shown.DomainType, shown.EndpointType, shown.ModuleName],
    ['21428921', 'USER', 'internet', 'Registry'],
  );

  // A certificate whose files are gone stays in use until another one is set.
  rmSync(join(certificates, '21428921.crt'));
  await client.call('UpdateInstanceCustomizedDomain', { ...place, CertId: 'wild' });
  assert.deepEqual(await visit(DOMAIN), ['*.team.test', `https://${DOMAIN}:${port}/token`]);
  await client.call('DeleteInstanceCustomizedDomain', place);
  assert.deepEqual(await visit(DOMAIN), ['localhost', publicRealm]);
  assert.equal(await code(client.call('GetInstanceCustomizedDomain', place)), 'CUSTOMIZED_DOMAIN_NOT_EXIST');
  assert.equal(await code(client.call('DeleteInstanceCustomizedDomain', place)), 'CUSTOMIZED_DOMAIN_NOT_EXIST');
});
