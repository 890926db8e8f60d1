import assert from 'node:assert/strict';
import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiCallError } from '../../client/src/api-call-error.ts';
import { type PostgresServer, postgresFolder, startPostgres } from '../../server/src/db/testing/postgres-server.ts';
import { makeAuthority } from '../support/peers/certificates.ts';
import { startDatabaseProxy } from '../support/peers/database-proxy.ts';
import { freePort } from '../support/peers/free-port.ts';
import { type Stores, startStores } from '../support/peers/start-stores.ts';
import { atEnd, type Scope, slipway, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const skip =
  process.env.SLIPWAY_TEST_LONG !== '1'
    ? 'waits for connections that never answer: runs with SLIPWAY_TEST_LONG=1'
    : postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';

/** Of a machine whose crash loses nothing. */
const SAFE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

let stores: Stores;
const closing: (() => unknown)[] = [];
before(async () => {
  if (skip === false) stores = await startStores({ after: (act) => closing.push(act) });
});
after(async () => {
  for (const close of closing) await close();
});

/** The flags of a server that runs no builds, with a prefix of the bucket of its own. */
function flagsFor(database: string, prefix: string): string[] {
  return [
    '--database',
    database,
    ...stores.flags.slice(2).map((flag) => flag.replace('/one', `/${prefix}`)),
    '--no-builds',
  ];
}

async function makeDatabase(postgres: PostgresServer, name: string): Promise<string> {
  const client = await postgres.connect('postgres', 'test');
  await client.query(`create database ${name} template template0`);
  await client.end();
  return name;
}

/** Starts `slipway serve`, which is expected to refuse. */
function serve(t: Scope, database: string) {
  const data = join(temporaryFolder(t), 'data');
  return slipway(['serve', ...flagsFor(database, 'refused'), '--data', data, '--listen', '127.0.0.1:0']);
}

/** The status of a signed call that reads the database. */
async function statusOf({ client }: TestServer): Promise<number> {
  const { status, headers } = await client.fetch('/api/v1/builds');
  if (status === 503) assert.ok(headers.has('retry-after'), 'it says when to try again');
  return status;
}

async function waitForReadiness({ root }: TestServer, status: number): Promise<void> {
  while ((await fetch(`${root.Endpoint}/readyz`)).status !== status) await sleep(100);
}

test('a network that drops every packet: what was asked gets 503, what is asked meanwhile gets it at once, and the server goes on when it is back', {
  skip,
}, async (t) => {
  const proxy = await startDatabaseProxy(t, stores.postgres.urlOf('postgres'));
  const server = await startServer(t, {
    flags: flagsFor(proxy.urlOf(await makeDatabase(stores.postgres, 'cut')), 'cut'),
  });
  assert.equal(await statusOf(server), 200);
  proxy.cut();
  const asked = Array.from({ length: 4 }, () => statusOf(server));
  await waitForReadiness(server, 503);
  for (let count = 0; count < 20; count += 1) assert.equal(await statusOf(server), 503);
  proxy.restore();
  await waitForReadiness(server, 200);
  assert.equal(await statusOf(server), 200);
  assert.deepEqual(await Promise.all(asked), [503, 503, 503, 503]);
  assert.equal(server.child.exitCode, null, 'its own connection that was cut is not another server');
});

test('after a crash of PostgreSQL the server is ready when the first call succeeds, not earlier', {
  skip,
}, async (t) => {
  const server = await startServer(t, {
    flags: flagsFor(stores.postgres.urlOf(await makeDatabase(stores.postgres, 'crash')), 'crash'),
  });
  assert.equal(await statusOf(server), 200);
  await stores.postgres.crash();
  await waitForReadiness(server, 503);
  await stores.postgres.start();
  await waitForReadiness(server, 200);
  assert.equal(await statusOf(server), 200);
});

test('a failover to a synchronous standby loses nothing that was acknowledged, and the server goes on', {
  skip,
}, async (t) => {
  const primary = await startPostgres(SAFE);
  atEnd(t, () => primary.stop());
  await makeDatabase(primary, 'slipway');
  const standby = await startPostgres(SAFE, primary.urlOf('postgres'));
  atEnd(t, () => standby.stop());
  const admin = await primary.connect('postgres', 'test');
  await admin.query("alter system set synchronous_standby_names = '*'");
  await admin.query('select pg_reload_conf()');
  for (let isSafe = false; !isSafe; ) {
    const { rows } = await admin.query("select from pg_stat_replication where sync_state = 'sync'");
    isSafe = rows.length > 0;
  }
  await admin.end();
  const proxy = await startDatabaseProxy(t, primary.urlOf('postgres'));
  const server = await startServer(t, { flags: flagsFor(proxy.urlOf('slipway'), 'failover') });
  const { Instances } = await server.client.call('ListInstance', {});
  const { InstanceId } = (Instances as { InstanceId: string }[])[0] ?? assert.fail('no instance');
  const acknowledged: string[] = [];
  const refused: number[] = [];
  const create = async (count: number) => {
    const NamespaceName = `team-${count}`;
    try {
      await server.client.call('CreateNamespace', { InstanceId, NamespaceName });
      acknowledged.push(NamespaceName);
    } catch (error) {
      if (!(error instanceof ApiCallError)) throw error;
      refused.push(error.status);
    }
  };
  for (let count = 0; count < 20; count += 1) await create(count);
  const during = Array.from({ length: 20 }, (_, index) => create(20 + index));
  await primary.crash();
  await Promise.all(during);
  const promoting = await standby.connect('postgres', 'test');
  await promoting.query('select pg_promote()');
  await promoting.end();
  proxy.switchTo(standby.urlOf('postgres'));
  await waitForReadiness(server, 200);
  for (let count = 40; acknowledged.length < 30; count += 1) await create(count);
  const found = await server.client.call('ListNamespace', { InstanceId, PageSize: 100 });
  const names = (found.Namespaces as { NamespaceName: string }[]).map(({ NamespaceName }) => NamespaceName);
  for (const name of acknowledged) assert.ok(names.includes(name), name);
  assert.ok(
    refused.every((status) => status === 503),
    refused.join(),
  );
});

test('TLS to a database is as sslmode says; a certificate that is not to be trusted, a missing file, and a database without TLS are refused at once with the fix', {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  chmodSync(folder, 0o755);
  const stranger = temporaryFolder(t);
  chmodSync(stranger, 0o755);
  const [own, strange] = [makeAuthority(folder), makeAuthority(stranger)];
  const { cert, key } = own.issue('127.0.0.1');
  const ownKey = join(folder, 'database.key');
  copyFileSync(key, ownKey);
  if (process.getuid?.() === 0) chownSync(ownKey, 65_534, 65_534);
  chmodSync(ownKey, 0o600);
  const port = String(await freePort());
  const plain = await startPostgres({ listen_addresses: '127.0.0.3', port });
  atEnd(t, () => plain.stop());
  const tls = { ssl: 'on', ssl_cert_file: cert, ssl_key_file: ownKey };
  const postgres = await startPostgres({ listen_addresses: '127.0.0.1,127.0.0.2', port, ...tls });
  atEnd(t, () => postgres.stop());
  await makeDatabase(postgres, 'slipway');
  const at = (host: string, parameters: string) => `postgres://slipway@${host}:${port}/slipway?${parameters}`;
  const verified = `sslmode=verify-full&sslrootcert=${own.certificate}`;
  const server = await startServer(t, { flags: flagsFor(at('127.0.0.1', verified), 'tls') });
  assert.equal(await statusOf(server), 200);
  const admin = await postgres.connect('slipway', 'test');
  const { rows } = await admin.query(
    "select count(*) as count from pg_stat_ssl natural join pg_stat_activity where application_name like 'slipway %' and not ssl",
  );
  assert.deepEqual(rows, [{ count: '0' }], 'no connection of the server is plain');
  await admin.end();
  const refusals: [string, RegExp][] = [
    [
      at('127.0.0.1', `sslmode=verify-full&sslrootcert=${strange.certificate}`),
      /^slipway: the certificate of the database is not to be trusted \(.*\): name the file of its authority with sslrootcert in the setting database/m,
    ],
    [at('127.0.0.2', verified), /^slipway: the certificate of the database is not to be trusted \(.*127\.0\.0\.2.*\)/m],
    [
      at('127.0.0.1', `sslmode=verify-full&sslrootcert=${folder}/none.pem`),
      /^slipway: a file of the setting database cannot be read \(.*none\.pem.*\): check sslrootcert/m,
    ],
    [
      at('127.0.0.3', 'sslmode=require'),
      /^slipway: the database does not offer TLS: turn it on there \(ssl = on\), or leave sslmode out of the setting database$/m,
    ],
  ];
  for (const [database, message] of refusals) {
    const { code, stderr } = await serve(t, database);
    assert.equal(code, 4, stderr);
    assert.match(stderr, message);
  }
});

test('a start waits for a database that starts meanwhile, and gives up on one that does not, with the reason', {
  skip,
}, async (t) => {
  const gone = serve(t, `postgres://slipway@127.0.0.1:${await freePort()}/slipway`);
  const postgres = await startPostgres();
  atEnd(t, () => postgres.stop());
  await makeDatabase(postgres, 'slipway');
  await postgres.crash();
  const starting = startServer(t, { flags: flagsFor(postgres.urlOf('slipway'), 'late') });
  await sleep(1000);
  await postgres.start();
  assert.equal(await statusOf(await starting), 200);
  const { code, stderr } = await gone;
  assert.equal(code, 4);
  assert.match(stderr, /WARN .* cannot be reached; the server tries again for 30 s/);
  assert.match(
    stderr,
    /^slipway: the database postgres:\/\/\S+ cannot be reached \(.*ECONNREFUSED.*\); start PostgreSQL there, or correct the setting database$/m,
  );
});
