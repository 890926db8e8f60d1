import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { allowedAddresses } from '#address/address.ts';
import { type BaseSource, listBaseSources } from '#registry/foreign/base-source.ts';
import { listedForeignDigest } from '#registry/foreign/foreign-image.ts';
import { parseImageReference } from '#registry/foreign/image-reference.ts';
import { type ForeignBases, foreignImage } from './foreign-bases.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test('registries and mirrors at IPv6 addresses are used only if an operator allowed them', async (t) => {
  const asked: (string | undefined)[] = [];
  const registry = createServer((request, response) => {
    asked.push(request.headers.host);
    response.setHeader('docker-content-digest', DIGEST).end();
  });
  await new Promise<void>((resolve) => registry.listen(0, '::1', resolve));
  t.after(() => registry.close());
  const host = `[::1]:${(registry.address() as AddressInfo).port}`;
  const bases = {
    allowed: allowedAddresses([]),
    reach: { proxies: { proxy: undefined, direct: [] } },
  } as unknown as ForeignBases;
  const ask = (source: BaseSource | undefined, allowPrivate: boolean, privateHosts: string[] = []) => {
    assert.ok(source);
    const way = { mirrors: [], login: undefined, plainHttp: true, allowPrivate, privateHosts };
    return listedForeignDigest(foreignImage(bases, source, way, t.signal));
  };
  const settings = { ownUrls: [], ownRegistryUrl: 'http://127.0.0.1:1' };
  const sources = (name: string, mirrors: string[]) =>
    listBaseSources(parseImageReference(name), settings, { mirrors, plainHttp: true });
  // The second is not for an import: `a__b` has no name there.
  const [mirror] = sources('quay.io/team/a__b', [`http://${host}`]);
  const [direct] = sources(`[0::1]:${host.split(']:')[1]}/team/a__b`, []);
  assert.equal(await ask(mirror, false), DIGEST);
  assert.equal(await ask(direct, true), DIGEST);
  await assert.rejects(ask(direct, false), /::1.* the rule|denies/);
  assert.deepEqual(asked, [host, host]);
});
