import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import MiniSearch from 'minisearch';
import { findSections, SEARCH_OPTIONS } from '../src/docs/search-options.ts';
import { NAV } from './nav.ts';
import { makeSite } from './site.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SITE = makeSite(ROOT, readFileSync(join(ROOT, 'console/docs.html'), 'utf8'));

test('every link of the documentation leads to a page, a section, a picture or a file of the sources', () => {
  assert.deepEqual(SITE.mistakes, []);
});

test('every address in a page is a file of the site', () => {
  const addresses = [...SITE.files].flatMap(([name, content]) =>
    name.endsWith('.html') ? [...String(content).matchAll(/(?:href|src)="(\/(?:docs|console)\/[^"#]*)/g)] : [],
  );
  const names = new Set(addresses.map(([, address = '']) => address));
  const missing = [...names].filter((address) => {
    const path = address.replace(/^\/console\//, '').replace(/^\//, '');
    const known = [path, `${path}.html`, `${path}index.html`];
    return !/^(icon\.svg|theme\.js|)$/.test(path) && !known.some((name) => SITE.files.has(name));
  });
  assert.ok(names.size > 200);
  assert.deepEqual(missing, []);
});

test('every row of a table has as many cells as the head of the table', () => {
  const cells = (row: string) => row.match(/(?<!\\)[|]/g)?.length;
  const torn = ['README.md', ...globSync('docs/**/*.md', { cwd: ROOT })].flatMap((file) => {
    let head: number | undefined;
    return readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => {
        if (!line.startsWith('|')) head = undefined;
        else head ??= cells(line);
        return head === undefined || cells(line) === head ? [] : [`${file}:${at + 1}`];
      });
  });
  assert.deepEqual(torn, []);
});

test('the navigation has every page of docs/ once', () => {
  const listed = NAV.flatMap(({ pages }) => pages.map(([file]) => file));
  const pages = globSync('docs/**/*.md', { cwd: ROOT }).filter((file) => !/^docs\/(api|decisions)\//.test(file));
  assert.deepEqual(
    listed.filter((file) => /^docs\/.*\.md$/.test(file) && !file.startsWith('docs/api/')).sort(),
    pages.sort(),
  );
});

test('no page has a script, a style or a handler of its own, which the content security policy forbids', () => {
  const wrong = [...SITE.files].filter(
    ([name, content]) =>
      name.endsWith('.html') &&
      /<script(?! (type="module" )?src=)|<style|<[a-z][^>]* (style|on\w+)=/.test(String(content)),
  );
  assert.deepEqual(
    wrong.map(([name]) => name),
    [],
  );
});

test('a search finds the section of a word, an error code, a setting and an operation', () => {
  const name = [...SITE.files.keys()].find((path) => /search-.*\.json$/.test(path)) ?? '';
  const index = MiniSearch.loadJSON(String(SITE.files.get(name)), SEARCH_OPTIONS);
  const first = (words: string, count = 1) =>
    findSections(index, words)
      .slice(0, count)
      .map(({ id }) => id);
  assert.match(first('docker login').join(), /guides\/docker|registry-login/);
  assert.deepEqual(first('listrepobuildrecordlog'), ['/docs/api/ListRepoBuildRecordLog']);
  assert.deepEqual(first('build_record_not_exist'), ['/docs/errors#BUILD_RECORD_NOT_EXIST']);
  assert.deepEqual(first('--untagged-keep-days'), ['/docs/settings#--untagged-keep-days']);
  assert.match(first('certficate').join(), /certificate/, 'a typing mistake');
});

test('HTML in the Markdown is text, headings have the ids of GitHub, and a link to nothing is a mistake', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-docs-'));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'docs'));
  writeFileSync(
    join(root, 'README.md'),
    `# A \`b\` & c\n\n<script>alert(1)</script>\n\n## It’s --here: \`--no-cache\`!\n\n## Same\n\n## Same\n
[no](docs/none.md) [no](#none) [no](../README.md) [no](javascript:alert(1)) ![no](none.png) [yes](#same-1) [yes](notes.txt) [docs/x.md](docs/x.md#more)\n`,
  );
  writeFileSync(join(root, 'notes.txt'), '<b>');
  writeFileSync(join(root, 'docs/x.md'), '# More & better\n\n## More\n\n| a |\n|---|\n| `A_LONG_NAME_OF_CODE` |\n');
  const { files, mistakes } = makeSite(root, '{{article}}{{contents}}');
  assert.deepEqual(mistakes, [
    'README.md: there is no docs/none.md',
    'README.md: there is no ../README.md',
    'README.md: javascript:alert(1) is not an https address',
    'README.md: there is no picture none.png',
    'README.md: README.md has no section #none',
  ]);
  const page = String(files.get('docs/index.html'));
  assert.match(page, /<h1 id="a-b--c">A <code>b<\/code> &amp; c<\/h1>/);
  assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
  assert.doesNotMatch(page, /<script|javascript:/);
  for (const id of ['its---here---no-cache', 'same', 'same-1']) assert.ok(page.includes(`id="${id}"`), id);
  assert.match(page, /<a href="\/docs\/x#more">More &amp; better<\/a>/, 'a file’s name becomes its title');
  assert.match(
    String(files.get('docs/x.html')),
    /<tr id="A_LONG_NAME_OF_CODE"><td><code>A_<wbr>LONG_<wbr>NAME_<wbr>OF_<wbr>CODE/,
  );
  assert.match(String(files.get('docs/source/notes.txt.html')), /&lt;b&gt;/);
});
