import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { allEntries, commandTable } from '../frame/command-table.ts';
import { completionScript, type Shell } from '../frame/completion.ts';
import { manPage, pageName } from '../frame/man-page.ts';
import { makeProgram } from '../program.ts';

const TABLE = commandTable(makeProgram());

/** What is typed, the last word still unfinished, and what a shell must offer for it, among other words. */
const TYPED: readonly (readonly [typed: string, offers: readonly string[], not: string])[] = [
  ['slipway lo', ['logs', 'login'], 'build'],
  ['slipway ram user c', ['create'], 'build'],
  ['slipway build . --ta', ['--tag', '--target'], '--grep'],
  ['slipway completion ', ['bash', 'zsh', 'fish'], 'build'],
  ['slipway scan image --severity ', ['High', 'Low'], 'build'],
  ['slipway logs la', ['latest'], 'login'],
  ['slipway trigger add team/app x https://hooks.example --ta', ['--tags'], '--url'],
];

/** How each shell is asked: `OFFER` is replaced by the words of a line, and what it offers is printed. */
const ASK: Readonly<Record<Shell, { head: string; line(typed: string): string }>> = {
  bash: {
    head: 'offer() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _slipway; echo "${COMPREPLY[*]}"; }',
    line: (typed) => `offer ${wordsOf(typed)}`,
  },
  // Completion proper needs a terminal; these replace the functions that show what is offered.
  zsh: {
    head: [
      'compdef() { }',
      '_describe() { print -r -- "${${(M)${(P)@[-1]}[@]:#${words[CURRENT]}*}[@]%%:*}" }',
      'compadd() { print -r -- "$@" }',
      '_files() { }',
      'offer() { words=("$@"); CURRENT=$#; _slipway; print -r -- "" }',
    ].join('\n'),
    line: (typed) => `offer ${wordsOf(typed)} | tr "\\n" " "; print`,
  },
  fish: { head: '', line: (typed) => `echo (complete -C ${quoted(typed)} | string split -f1 (printf "\\t"))` },
};

for (const shell of ['bash', 'zsh', 'fish'] as const)
  test(`${shell} completes commands, flags and their values`, (t) => {
    if (isMissing(t, shell)) return;
    const folder = folderOf(t);
    const script = join(folder, 'completion');
    writeFileSync(script, completionScript(shell, TABLE));
    const { head, line } = ASK[shell];
    const text = [head, `source ${script}`, ...TYPED.map(([typed]) => line(typed))].join('\n');
    const { stdout, stderr } = spawnSync(shell, ['-c', text], {
      encoding: 'utf8',
      env: { ...process.env, HOME: folder },
    });
    const offered = stdout.trimEnd().split('\n');
    assert.equal(offered.length, TYPED.length, `${stdout}${stderr}`);
    for (const [at, [typed, offers, not]] of TYPED.entries()) {
      const words = (offered[at] ?? '').split(/\s+/);
      for (const word of offers) assert.ok(words.includes(word), `${typed}: ${offered[at]}`);
      assert.ok(!words.includes(not), `${typed}: ${offered[at]}`);
    }
  });

test('files are offered where an argument is a file, a folder or a backup', () => {
  const script = completionScript('bash', TABLE);
  for (const path of ['build', 'backup', 'backup verify', 'restore', 'image import', 'scan import', 'chart push'])
    assert.match(script, new RegExp(`'slipway ${path}'\\) .* files=1 ;;`), path);
  assert.match(script, /'slipway chain create'\) .* files= ;;/);
});

for (const [program, args] of [
  ['groff', ['-man', '-ww', '-z']],
  // Pages have a version and no date, about which mandoc only warns.
  ['mandoc', ['-T', 'lint', '-W', 'error']],
] as const)
  test(`${program} finds no mistake in the manual page of any command`, (t) => {
    if (isMissing(t, program)) return;
    const folder = folderOf(t);
    const files = allEntries(TABLE).map((entry) => {
      const file = join(folder, `${pageName(entry)}.1`);
      writeFileSync(file, manPage(entry, '1.2.3'));
      return file;
    });
    const { stdout, stderr, status } = spawnSync(program, [...args, ...files], { encoding: 'utf8' });
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });

test('a manual page has the arguments and flags of its command, and nothing in it is a request to the formatter', () => {
  const page = (name: string) => {
    const entry = allEntries(TABLE).find((each) => pageName(each) === name);
    assert.ok(entry, name);
    return manPage(entry, '1.2.3');
  };
  const logs = page('slipway-logs');
  for (const part of ['.B \\-f, \\-\\-follow', '[options] <build>', '.SH EXIT STATUS', '.BR slipway (1)'])
    assert.ok(logs.includes(part), part);
  assert.match(page('slipway-ram'), /^\.BR slipway\\-ram\\-user \(1\)/m);
  const entry = { ...TABLE, description: ".so /etc/passwd\n'x \\fB", commands: [], options: [] };
  assert.ok(manPage(entry, '1').includes("slipway \\- \\&.so /etc/passwd 'x \\efB"));
});

function isMissing(t: TestContext, program: string): boolean {
  const isThere = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  if (!isThere) t.skip(`${program} is not installed`);
  return !isThere;
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-manual-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function wordsOf(typed: string): string {
  return typed.split(' ').map(quoted).join(' ');
}

function quoted(text: string): string {
  return `'${text}'`;
}
