import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** The nouns from left to right: each may use those before it. */
const NOUNS = ['account', 'instance', 'namespace', 'repository', 'source', 'build'];
const MEANS = ['rpc', 'ram', 'db', 'blob', 'logbook', 'address', 'confined', 'platform'];

/** Folder of `server/src` → what its files may import beside the folder itself; `*` is everything. */
const ALLOWED: Record<string, readonly string[]> = {
  '.': ['*'],
  port: ['admission', 'signature', 'gateway', 'ram', 'rpc'],
  routes: ['port', 'native', 'signature', 'registry', 'source', 'build', 'logbook', 'ram', 'rpc'],
  native: [
    'admission',
    'log',
    'signature',
    'gateway',
    'registry',
    ...NOUNS,
    'logbook',
    'ram',
    'rpc',
    'audit',
    'blob',
    'confined',
  ],
  log: [...NOUNS, 'admission', 'logbook', 'ram', 'rpc', 'confined'],
  gateway: ['signature', 'rpc', 'ram', 'account', 'audit'],
  signature: ['gateway', 'rpc', 'ram', 'account', 'audit'],
  runner: [...NOUNS, 'registry', 'sandbox', 'logbook', 'program', 'blob', 'address', 'db', 'confined', 'platform'],
  registry: ['account', 'repository', 'ram', 'rpc', 'audit', 'program', 'platform'],
  // Of the helper, which runs as root: the tables of denied ranges and of platforms and nothing else, see below.
  sandbox: ['address', 'platform'],
  trace: ['build', 'repository', 'port', 'logbook', 'rpc', 'db'],
  rpc: ['db', 'ram', 'logbook'],
  admission: [],
  ram: [],
  blob: [],
  db: [],
  confined: ['program'],
  address: [],
  platform: [],
  audit: ['db'],
  ...Object.fromEntries(NOUNS.map((noun, index) => [noun, [...MEANS, ...NOUNS.slice(0, index)]])),
};

/** Files that may touch the machine: the edges. Everything else takes values and returns values. */
const EDGES = [
  /^server\/src\/(main|config|data-folder|holders|own-folder|plain-user|root-account|secret-key|tls-files|trusted-authorities|registry-wiring|runner-wiring|server|version)\.ts$/,
  /^server\/src\/(sandbox|registry|runner|blob|db|port|routes|confined)\//,
  /^server\/src\/audit\/nonce-folder\.ts$/,
  /^server\/src\/gateway\/(gateway|read-request|write-error|write-reply|load-operations|answer-malformed)\.ts$/,
  /^server\/src\/signature\/authenticate-acs3\.ts$/,
  /^server\/src\/native\/(host-check|replies\/log-download)\.ts$/,
  /^server\/src\/address\/address\.ts$/,
  /^logbook\/src\/(disk\/disk|sealed\/archiver|sealed\/sealed-log)\.ts$/,
  /^program\/src\//,
  /^cli\/src\//,
  /^client\/src\/registry\//,
];
const EDGE_MODULES = /^(node:(fs|fs\/promises|http|https|net|child_process|sqlite)|pg)$/;

const ENVIRONMENT_READERS = ['server/src/config.ts', 'cli/src/environment.ts'];

/** Files over 300 lines; this list only shrinks. */
const LONG_FILES: string[] = [];

const sources = globSync('{server,logbook,program,client,cli,console}/src/**/*.{ts,tsx}', { cwd: ROOT }).filter(
  (file) => !isTest(file),
);

test('server folders import only what the architecture allows', () => {
  const broken = sources
    .filter((file) => file.startsWith('server/src/'))
    .flatMap((file) =>
      importsOf(file).map((target) => ({ file, from: folderOf(file), to: serverFolder(file, target) })),
    )
    .filter(({ from, to }) => to !== undefined && to !== from)
    .filter(({ from, to }) => !ALLOWED[from]?.includes('*') && !ALLOWED[from]?.includes(to ?? ''))
    .map(({ file, to }) => `${file} imports ${to}`);
  assert.deepEqual(broken, []);
});

test('the sandbox, which runs as root, takes nothing of the server but the tables of denied ranges and of platforms', () => {
  const taken = sources
    .filter((file) => file.startsWith('server/src/sandbox/'))
    .flatMap((file) => importsOf(file).filter((target) => (serverFolder(file, target) ?? 'sandbox') !== 'sandbox'));
  assert.deepEqual(new Set(taken), new Set(['#address/denied-ranges.ts', '#platform/platform.ts']));
  for (const table of ['address/denied-ranges.ts', 'platform/platform.ts'])
    assert.deepEqual(importsOf(`server/src/${table}`), []);
});

test('every server folder stands in the table', () => {
  const folders = new Set(sources.filter((file) => file.startsWith('server/src/')).map(folderOf));
  assert.deepEqual(
    [...folders].filter((folder) => !(folder in ALLOWED)),
    [],
  );
});

test('nouns never reach into another noun’s operations', () => {
  const broken = sources
    .flatMap((file) => importsOf(file).map((target) => `${file} imports ${target}`))
    .filter((text) => /imports #\w+\/operations\//.test(text));
  assert.deepEqual(broken, []);
});

test('packages import only what they may: program and logbook Node alone, logbook also program, client its spec, cli and console the client', () => {
  const rules: [pattern: RegExp, allowed: RegExp][] = [
    [/^program\/src\//, /^(node:|\.\/)/],
    [/^logbook\/src\//, /^(node:|\.\.?\/|@slipway\/program$)/],
    [/^client\/src\/(?!registry\/)/, /^\.\.?\//],
    [/^cli\/src\//, /^(?!#|@slipway\/(server|logbook))/],
    [/^server\/src\//, /^(?!@slipway\/(client|cli))/],
    [/^console\/src\//, /^(\.\.?\/|@slipway\/client\/|react(-dom)?(\/|$)|@tanstack\/)/],
    // Its generic parts know no API and no page.
    [/^console\/src\/ui\//, /^(\.\/|react$)/],
  ];
  const broken = sources.flatMap((file) =>
    rules
      .filter(([pattern]) => pattern.test(file))
      .flatMap(([, allowed]) => importsOf(file).filter((target) => !allowed.test(target)))
      .map((target) => `${file} imports ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('only the edges touch files, sockets, processes and databases', () => {
  const broken = sources
    .filter((file) => !EDGES.some((edge) => edge.test(file)))
    .filter((file) => valueImportsOf(file).some((target) => EDGE_MODULES.test(target)));
  assert.deepEqual(broken, []);
});

test('one file a program reads the environment', () => {
  const readers = sources.filter((file) => /process\.env\b/.test(read(file)));
  assert.deepEqual(
    readers.filter((file) => !ENVIRONMENT_READERS.includes(file)),
    [],
  );
});

test('one file of the command line writes to standard output and standard error, where a terminal is kept from foreign text', () => {
  const writers = sources.filter(
    (file) =>
      file.startsWith('cli/src/') &&
      /\bprocess\.std(out|err)\.write\b|\bconsole\.(log|error|warn)\b|= process[,;)]/.test(read(file)),
  );
  assert.deepEqual(writers, ['cli/src/output.ts']);
});

test('commands find their server in one file, which lets go of it whatever they do', () => {
  const finders = sources.filter((file) => file.startsWith('cli/src/') && /\bimport .*\bfindServer\b/.test(read(file)));
  assert.deepEqual(finders, ['cli/src/on-server.ts']);
});

test('no file is longer than 300 lines', () => {
  const all = globSync('{server,logbook,program,client,cli,console,test,tools,bench}/**/*.{ts,tsx}', { cwd: ROOT });
  const long = all
    .filter((file) => !file.includes('node_modules') && !file.endsWith('.gen.ts'))
    .filter((file) => read(file).split('\n').length > 301);
  assert.deepEqual(long, LONG_FILES);
});

function isTest(file: string): boolean {
  return /\.(test|contract)\.ts$|\/testing\//.test(file);
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function importsOf(file: string): string[] {
  return [...read(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

function valueImportsOf(file: string): string[] {
  const text = read(file).replace(/^(?:import|export) type [^;]*;/gm, '');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** First folder below `server/src`, `.` for the files there. */
function folderOf(file: string): string {
  const parts = file.split('/').slice(2);
  return parts.length === 1 ? '.' : (parts[0] ?? '.');
}

function serverFolder(file: string, target: string): string | undefined {
  if (target.startsWith('#')) return folderOf(`server/src/${target.slice(1)}`);
  if (target.startsWith('.')) return folderOf(normalize(join(dirname(file), target)));
  return /^@slipway\/(logbook|program)(?:\/|$)/.exec(target)?.[1];
}
