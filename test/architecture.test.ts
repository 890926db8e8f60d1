import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { EVERYTHING, IMPORTS, MACHINE, NOUNS, PACKAGES, ROOT_FILES } from './support/import-table.ts';
import { ROOT } from './support/slipway.ts';
import {
  cyclesIn,
  edgesOf,
  folderIn,
  foldersAbove,
  importsOf,
  isTest,
  pathOf,
  read,
  sources,
  valueImportsOf,
} from './support/source-imports.ts';

const MACHINE_MODULES =
  /^(node:(fs|fs\/promises|http|http2|https|net|tls|dgram|dns|dns\/promises|child_process|sqlite)|pg)$/;

const ENVIRONMENT_READERS = ['server/src/settings/config.ts', 'cli/src/input/environment.ts'];

/** Two screens of 95 lines. */
const TWO_SCREENS = 190;

/** Files over 300 lines; this list only shrinks. */
const LONG_FILES: string[] = [];

for (const [root, table] of Object.entries(IMPORTS)) {
  test(`folders of ${root} import only what the table allows, and use every edge of it`, () => {
    const edges = edgesOf(root);
    const allowed = (from: string, to: string) => table[from] === EVERYTHING || table[from]?.includes(to);
    const broken = edges.filter(({ from, to }) => !allowed(from, to));
    assert.deepEqual(
      broken.map(({ file, target }) => `${file} imports ${target}`),
      [],
    );
    const unused = Object.entries(table).flatMap(([from, folders]) =>
      folders
        .filter((to) => to !== '*' && !edges.some((edge) => edge.from === from && edge.to === to))
        .map((to) => `${from} imports nothing from ${to}`),
    );
    assert.deepEqual(unused, []);
  });

  test(`every folder of ${root} is in the table`, () => {
    const folders = new Set(sources.filter((file) => file.startsWith(`${root}/`)).map((file) => folderIn(root, file)));
    assert.deepEqual([...folders].sort(), Object.keys(table).sort());
  });
}

test('in every folder, files and folders import each other in one direction, without cycles', () => {
  const folders = new Set(sources.flatMap((file) => foldersAbove(file)));
  assert.deepEqual([...folders].sort().flatMap(cyclesIn), []);
});

test('ARCHITECTURE.md names every folder', () => {
  const page = read('ARCHITECTURE.md');
  const folders = Object.values(IMPORTS).flatMap((table) => Object.keys(table).filter((folder) => folder !== '.'));
  folders.push(...globSync('{test/{*,support/*},tools/*}/', { cwd: ROOT }).map((folder) => basename(folder)));
  assert.deepEqual(
    folders.filter((folder) => !page.includes(`\`${folder}/\``)),
    [],
  );
});

test('a folder of whole-system tests imports no other folder of tests than support', () => {
  const found = globSync('test/**/*.ts', { cwd: ROOT }).flatMap((file) =>
    importsOf(file)
      .map((target) => pathOf(file, target) ?? target)
      .filter((path) => path.startsWith('test/') && !path.startsWith('test/support/'))
      .filter((path) => folderIn('test', path) !== folderIn('test', file))
      .map((path) => `${file} imports ${path}`),
  );
  assert.deepEqual(found, []);
});

for (const [root, files] of Object.entries(ROOT_FILES)) {
  test(`${root} has folders by what they are about, and beside them only the files that the table names`, () => {
    const all = globSync(`${root}/*.{ts,tsx,sh,css}`, { cwd: ROOT }).filter((file) => root === 'test' || !isTest(file));
    assert.deepEqual(all.map((file) => basename(file)).sort(), files);
  });
}

test('decisions are numbered without gaps, and each file has the name of its title', () => {
  const files = globSync('docs/decisions/*.md', { cwd: ROOT }).sort();
  const expected = files.map((file, at) => {
    const title =
      read(file)
        .split('\n', 1)[0]
        ?.toLowerCase()
        .match(/[a-z0-9]+/g) ?? [];
    return `docs/decisions/${[String(at + 1).padStart(4, '0'), ...title].join('-')}.md`;
  });
  assert.deepEqual(files, expected);
});

test('every file that ARCHITECTURE.md names is there', () => {
  const files = globSync('{spec,server,logbook,program,client,cli,console,test,tools}/**/*', { cwd: ROOT });
  const named = [...read('ARCHITECTURE.md').matchAll(/`([\w./-]+\.(?:tsx?|sh|json))`/g)].map(([, name = '']) => name);
  assert.ok(named.length > 40, String(named.length));
  assert.deepEqual(
    named.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`))),
    [],
  );
});

test('each walk in ARCHITECTURE.md names a file once, so that its reader never goes back', () => {
  const walks = read('ARCHITECTURE.md')
    .split('\n## ')
    .filter((part) => part.startsWith('Walk of one'));
  assert.equal(walks.length, 3);
  for (const walk of walks) {
    const files = [...walk.matchAll(/`([\w./-]+\.ts)`/g)].map(([, file]) => file);
    assert.deepEqual([...new Set(files)], files);
  }
});

test('each of the five files that a newcomer reads first fits on two tall screens', () => {
  const page = read('ARCHITECTURE.md');
  const named = [...page.slice(page.indexOf('## Read these five files')).matchAll(/`([\w./-]+\.ts)`/g)];
  const lengths = named.map(([, file = '']) => ({ file, lines: read(file).split('\n').length }));
  assert.equal(lengths.length, 5);
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > TWO_SCREENS),
    [],
  );
});

test('every picture is shown on a page', () => {
  const pages = globSync('{README,docs/*}.md', { cwd: ROOT }).map(read).join('');
  const pictures = globSync('docs/pictures/*', { cwd: ROOT }).map((file) => file.replace(/^docs\//, ''));
  assert.deepEqual(
    pictures.filter((picture) => !pages.includes(picture)),
    [],
  );
});

test('the sandbox, which runs as root, imports only the tables of denied ranges and of platforms from the server', () => {
  const taken = sources
    .filter((file) => file.startsWith('server/src/sandbox/'))
    .flatMap((file) => importsOf(file).map((target) => pathOf(file, target)))
    .filter((path) => path?.startsWith('server/src/') && !path.startsWith('server/src/sandbox/'));
  const tables = ['server/src/address/denied-ranges.ts', 'server/src/platform/platform.ts'];
  assert.deepEqual([...new Set(taken)].sort(), tables);
  for (const table of tables) assert.deepEqual(importsOf(table), []);
});

test('a noun imports only nouns to its left, and never the operations of another noun', () => {
  const toTheRight = NOUNS.flatMap((noun, index) =>
    (IMPORTS['server/src']?.[noun] ?? [])
      .filter((other) => NOUNS.indexOf(other) > index)
      .map((other) => `${noun} imports ${other}`),
  );
  assert.deepEqual(toTheRight, []);
  const operations = sources
    .flatMap((file) => importsOf(file).map((target) => `${file} imports ${target}`))
    .filter((text) => /imports #\w+\/operations\//.test(text));
  assert.deepEqual(operations, []);
});

test('packages import only what they may', () => {
  const broken = sources.flatMap((file) =>
    PACKAGES.filter(([files]) => files.test(file))
      .flatMap(([, allowed]) => importsOf(file).filter((target) => !allowed.test(target)))
      .map((target) => `${file} imports ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('what touches files, sockets, processes and databases is in the list, and the list has nothing else', () => {
  const touching = sources.filter((file) => valueImportsOf(file).some((target) => MACHINE_MODULES.test(target)));
  assert.deepEqual(
    touching.filter((file) => !MACHINE.some((place) => file.startsWith(place))),
    [],
  );
  assert.deepEqual(
    MACHINE.filter((place) => !touching.some((file) => file.startsWith(place))),
    [],
  );
});

test('queries are only in files named -store', () => {
  const asking = sources
    .filter((file) => file.startsWith('server/src/') && !/-store\.ts$|^server\/src\/db\//.test(file))
    .filter((file) =>
      /\b(selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto)\b|\bsql[`.<]/.test(read(file)),
    );
  assert.deepEqual(asking, []);
});

test('every transaction is one of db/transaction.ts, which tries it again where the engine needs that', () => {
  const own = sources.filter(
    (file) => file.startsWith('server/src/') && /\.(transaction|startTransaction)\(\)/.test(read(file)),
  );
  assert.deepEqual(own, ['server/src/db/transaction.ts']);
});

test('only one file per program reads the environment', () => {
  const readers = sources.filter((file) => /process\.env\b/.test(read(file)));
  assert.deepEqual(
    readers.filter((file) => !ENVIRONMENT_READERS.includes(file)),
    [],
  );
});

test('only one file of the command line writes to standard output and standard error, and it protects terminals from foreign text', () => {
  const writers = sources.filter(
    (file) =>
      file.startsWith('cli/src/') &&
      /\bprocess\.std(out|err)\.write\b|\bconsole\.(log|error|warn)\b|= process[,;)]/.test(read(file)),
  );
  assert.deepEqual(writers, ['cli/src/output/output.ts']);
});

test('root starts `unshare` without an AppArmor profile, which would take rights from the programs that it starts', () => {
  const programs = globSync('{slipway,launcher/*.sh,server/src/**/*.{ts,sh},cli/src/**/*.ts}', { cwd: ROOT });
  // In shell files a command is on one line; in other files it is assembled from parts.
  const calls = programs
    .filter((file) => !isTest(file) && !file.includes('/testing/'))
    .flatMap((file) => (file.endsWith('.ts') ? [read(file)] : read(file).split('\n')).map((text) => ({ file, text })))
    .filter(({ text }) => /\bunshare[ ',]+--\w/.test(text));
  const found = ['cli/src/image/debootstrap.ts', 'server/src/sandbox/box/box.ts', 'server/src/sandbox/box/boxinit.sh'];
  assert.deepEqual([...new Set(calls.map(({ file }) => file))].sort(), [...found, 'slipway']);
  assert.deepEqual(
    calls.filter(({ text }) => !/unconfined/i.test(text)).map(({ file }) => file),
    [],
  );
});

test('what people read says `1 tag`: a count is never put before a plural by hand', () => {
  const texts = sources.filter((file) => /^(cli|console)\//.test(file) && !file.endsWith('.gen.ts'));
  const byHand =
    /[$]?\{(\w+\.)*(?=\w*[a-z])\w+\} (more )?(tags|repositories|images|layers|lines|builds|logs|files|secrets|times|attempts|advisories|calls|bytes)\b(?!=)/g;
  const found = texts.flatMap((file) => [...read(file).matchAll(byHand)].map(([text]) => `${file}: ${text}`));
  assert.deepEqual(found, []);
});

test('no file is longer than 300 lines', () => {
  const all = globSync('{server,logbook,program,client,cli,console,test,tools,bench}/**/*.{ts,tsx,css,sh}', {
    cwd: ROOT,
  });
  const long = all
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file) && !file.endsWith('.gen.ts'))
    .filter((file) => read(file).split('\n').length > 301);
  assert.deepEqual(long, LONG_FILES);
});

test('no object literal is spread into another, which could have its properties', () => {
  const all = globSync('{server,logbook,program,client,cli,console,test,tools,bench}/**/*.{ts,tsx}', { cwd: ROOT });
  const spread = all.filter(
    (file) => !/(^|\/)(node_modules|dist)\//.test(file) && /\.\.\.\{\s*[\w'"[.]/.test(read(file)),
  );
  assert.deepEqual(spread, []);
});

test('test doubles are in folders named testing, which no source imports', () => {
  const named = globSync('{server,logbook,program,client,cli,console}/src/**/*-under-test.*', { cwd: ROOT });
  assert.deepEqual(named, []);
  const taken = sources.filter((file) => importsOf(file).some((target) => /\/testing\//.test(target)));
  assert.deepEqual(taken, []);
});
