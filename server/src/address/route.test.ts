import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressRefused, ANY_ADDRESS, allowedAddresses } from './address.ts';
import { findRoute, matchesEntry } from './route.ts';

const NONE = allowedAddresses([]);
const PROXY = 'http://proxy.example:3128';

test('a no-proxy entry matches a host, a domain with its subdomains, an address, a range, or everything', () => {
  const cases: [host: string, entry: string, matches: boolean][] = [
    ['git.example', 'git.example', true],
    ['GIT.example', 'git.EXAMPLE', true],
    ['a.git.example', 'git.example', true],
    ['a.git.example', '.git.example', true],
    ['git.example', '*.git.example', true],
    ['mygit.example', 'git.example', false],
    ['git.example', '*', true],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['[fd00::1]', 'fd00::/8', true],
    ['10.1.2.3', 'fd00::/8', false],
    ['10.1.2.3', '2.3', false],
  ];
  for (const [host, entry, matches] of cases) assert.equal(matchesEntry(host, entry), matches, `${host} ${entry}`);
});

test('a proxy does not bypass the deny list: denied addresses, and hosts that resolve to them, are refused before the proxy is contacted', async () => {
  for (const host of ['127.0.0.1', '169.254.169.254', '10.0.0.1', 'localhost', '[::1]'])
    await assert.rejects(findRoute(host, NONE, { proxy: PROXY, direct: [] }), AddressRefused, host);
  assert.deepEqual(await findRoute('nowhere.invalid', NONE, { proxy: PROXY, direct: [] }), { proxy: PROXY });
  assert.deepEqual(await findRoute('192.0.32.8', NONE, { proxy: PROXY, direct: [] }), { proxy: PROXY });
  assert.deepEqual(await findRoute('10.0.0.1', ANY_ADDRESS, { proxy: PROXY, direct: [] }), { proxy: PROXY });
});

test('a no-proxy host, and any host without a proxy, is reached at the address that was checked', async () => {
  const direct = { proxy: PROXY, direct: ['192.0.32.0/24'] };
  assert.deepEqual(await findRoute('192.0.32.8', NONE, direct), { address: '192.0.32.8' });
  assert.deepEqual(await findRoute('192.0.32.8', NONE, { proxy: undefined, direct: [] }), { address: '192.0.32.8' });
  await assert.rejects(findRoute('nowhere.invalid', NONE, { proxy: PROXY, direct: ['*'] }), AddressRefused);
});
