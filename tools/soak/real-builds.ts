import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findLeftovers } from '../../test/support/leftovers.ts';
import { makeRealProjects } from '../../test/support/projects/real-projects.ts';
import { firstUuid, slipway, startServer, type TestServer, temporaryFolder } from '../../test/support/slipway.ts';

const MIRROR = 'http://deb.debian.org/debian';
const NPM_REGISTRY = 'https://registry.npmjs.org/';
const SUITE = 'bookworm';
const NPM = '/usr/lib/node_modules/npm';
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';
const STEPS = 200;
/** Each step appends to the file of the previous step. */
const LAYERS = 100;

interface RealBuild {
  name: string;
  files: Record<string, string>;
  /** Paths on the host → paths in the source. */
  copies?: Record<string, string>;
  /** Text that its log must contain. */
  shows: RegExp;
  needs: readonly ('debian' | 'npm')[];
}

const BUILDS: RealBuild[] = [
  {
    name: 'setuid',
    files: {
      Dockerfile: `FROM debian:${SUITE}\nRUN ls -l /bin/su && cp -p /bin/su /su && chown 7 /su && chmod 6755 /su\nRUN ls -ln /su\n`,
    },
    shows: /^-rwsr-xr-x .* \/bin\/su\n[\s\S]*^-rwsr-sr-x 1 7 /m,
    needs: ['debian'],
  },
  {
    name: 'gcc',
    files: {
      Dockerfile: `FROM debian:${SUITE}\nRUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev\nRUN gcc --version\n`,
    },
    shows: /Free Software Foundation/,
    needs: ['debian'],
  },
  {
    name: 'multi-stage',
    files: {
      Dockerfile:
        'FROM REGISTRY/local/gcc AS build\nCOPY main.c /\nRUN gcc -static -o /hello /main.c\nFROM busybox\nCOPY --from=build /hello /hello\nRUN /hello\n',
      'main.c': '#include <stdio.h>\nint main(void) { puts("compiled in a stage"); return 0; }\n',
    },
    shows: /^compiled in a stage$/m,
    needs: ['debian'],
  },
  {
    name: 'npm',
    files: {
      Dockerfile: `FROM debian:${SUITE}\nCOPY node /usr/bin/node\nCOPY npm /usr/lib/npm\nCOPY ca.crt /ca.crt\nENV NODE_EXTRA_CA_CERTS=/ca.crt\nWORKDIR /app\nRUN node /usr/lib/npm/bin/npm-cli.js install --no-audit --no-fund express && node -e "console.log(typeof require('express'))"\n`,
    },
    copies: { [process.execPath]: 'node', [NPM]: 'npm', [AUTHORITIES]: 'ca.crt' },
    shows: /^function$/m,
    needs: ['debian', 'npm'],
  },
  {
    name: 'steps',
    files: {
      Dockerfile: `FROM busybox\n${stepsOf(STEPS - 1)}\n`,
    },
    shows: new RegExp(`^\\[\\d+/\\d+\\] RUN echo ${STEPS - 2} `, 'm'),
    needs: [],
  },
  {
    name: 'layers',
    files: { Dockerfile: `FROM busybox\n${stepsOf(LAYERS)}\nRUN wc -l /steps\n` },
    shows: new RegExp(`^${LAYERS} /steps$`, 'm'),
    needs: [],
  },
  {
    name: 'gigabyte',
    files: {
      Dockerfile:
        'FROM busybox\nRUN dd if=/dev/urandom of=/part bs=1M count=64 && for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do cat /part; done > /big && rm /part && ls -l /big\n',
    },
    shows: / 1073741824 /,
    needs: [],
  },
];

function stepsOf(count: number): string {
  return Array.from({ length: count }, (_, at) => `RUN echo ${at} >> /steps`).join('\n');
}

/**
 * Runs real builds one after another and prints how long each took. `dataFolder` is an existing data folder, with the
 * Debian image if it was imported before; without it, a new one is made and removed.
 */
export function soakRealBuilds(dataFolder: string | undefined): void {
  test('real builds: Debian by debootstrap, gcc, stages, npm, many steps, a large layer, programs with their libraries', async (t) => {
    // A step cached by an earlier run would print nothing.
    const flags = ['--build-cache', 'false'];
    const server = await startServer(t, { flags, ...(dataFolder === undefined ? {} : { dataFolder }) });
    const lacking = { debian: await lacksDebian(server), npm: await lacksNpm() };
    for (const build of BUILDS) {
      const why = build.needs.map((need) => lacking[need]).find((reason) => reason !== undefined);
      if (why === undefined) await runReal(t, server, build);
      else console.log(`${build.name}: skipped, ${why}`);
    }
    for (const { name, folder, shows } of await makeRealProjects(server, temporaryFolder(t)))
      await runBuild(server, name, folder, shows);
  });
}

async function runReal(t: TestContext, server: TestServer, build: RealBuild): Promise<void> {
  const source = join(temporaryFolder(t), build.name);
  mkdirSync(source);
  const registry = new URL(server.root.Endpoint).host;
  for (const [name, text] of Object.entries(build.files))
    writeFileSync(join(source, name), text.replace('REGISTRY', registry));
  for (const [from, name] of Object.entries(build.copies ?? {})) cpSync(from, join(source, name), { recursive: true });
  await runBuild(server, build.name, source, build.shows);
}

async function runBuild(server: TestServer, name: string, source: string, shows: RegExp): Promise<void> {
  const { seconds, ended } = await timed(() =>
    slipway(['build', source, '--tag', `local/${name}:latest`, '--data', server.dataFolder]),
  );
  const messages = ended.stdout.replace(/^ *\d+ {2}[A-Z_]+ +/gm, '');
  assert.equal(ended.code, 0, `${name}: ${ended.stdout.slice(-3000)}${ended.stderr}`);
  assert.match(messages, shows, name);
  assert.deepEqual(await findLeftovers(server.dataFolder, firstUuid(ended.stdout)), []);
  console.log(`${name}: built in ${seconds} s`);
}

async function lacksDebian(server: TestServer): Promise<string | undefined> {
  const { Repositories = [] } = await server.client.call('ListRepository', {
    InstanceId: server.root.InstanceId,
    RepoNamespaceName: 'library',
  });
  if (Repositories.some(({ RepoName }) => RepoName === 'debian')) return undefined;
  if (!existsSync('/usr/sbin/debootstrap')) return 'debootstrap is not installed';
  if (!(await answers(`${MIRROR}/dists/${SUITE}/Release`))) return `${MIRROR} cannot be reached`;
  const importing = [
    'image',
    'import',
    '--debootstrap',
    SUITE,
    `debian:${SUITE}`,
    '--mirror',
    MIRROR,
    '--data',
    server.dataFolder,
  ];
  const { seconds, ended } = await timed(() => slipway(importing));
  assert.equal(ended.code, 0, ended.stderr.slice(-2000));
  console.log(`debian: made by debootstrap and imported in ${seconds} s`);
  return undefined;
}

async function lacksNpm(): Promise<string | undefined> {
  if (!existsSync(join(NPM, 'bin', 'npm-cli.js'))) return `there is no npm at ${dirname(NPM)}`;
  return (await answers(`${NPM_REGISTRY}express`)) ? undefined : `${NPM_REGISTRY} cannot be reached`;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })).ok;
  } catch {
    // No answer at all; the caller reports what that means.
    return false;
  }
}

async function timed<T>(act: () => Promise<T>): Promise<{ seconds: string; ended: T }> {
  const start = performance.now();
  const ended = await act();
  return { seconds: ((performance.now() - start) / 1000).toFixed(1), ended };
}
