import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { codeSamples } from './code-samples.ts';

const ODD = `a'b"c\\d $(x) \`y\` line\nnext\ttab \u0007 ü`;
const CALL = {
  action: 'ListRepoBuildRecordLog',
  version: '2018-12-01',
  params: [['RepoId', ODD]] as const,
  endpoint: 'http://127.0.0.1:8720',
};
const SIGNED = { url: 'http://127.0.0.1:8720/?A=1', headers: { authorization: `it's signed`, 'x-acs-action': 'A' } };
const sampleOf = (language: string) => codeSamples(CALL, SIGNED).find((sample) => sample.language === language);
const textOf = (language: string) => sampleOf(language)?.text ?? '';

test('writes the same call in TypeScript, Python, Go and Java, for the command line and for curl', () => {
  assert.deepEqual(
    codeSamples(CALL, SIGNED).map((sample) => sample.language),
    ['TypeScript', 'Python', 'Go', 'Java', 'CLI', 'curl'],
  );
  for (const { language, text } of codeSamples(CALL, undefined)) assert.match(text, /ListRepoBuildRecordLog/, language);
});

test('any value arrives as typed, however the language treats quotes, backslashes and line ends', () => {
  const ts = /"RepoId": ("(?:[^"\\]|\\.)*")/.exec(textOf('TypeScript'))?.[1] ?? '';
  assert.equal(JSON.parse(ts), ODD);
  assert.equal(JSON.parse(/"RepoId": dara\.String\((".*")\)/.exec(sampleOf('Go')?.byClient ?? '')?.[1] ?? ''), ODD);
  assert.equal(JSON.parse(/query\.put\("RepoId", (".*")\)/.exec(textOf('Java'))?.[1] ?? ''), ODD);
  const shown = textOf('CLI')
    .replace(/^export .*\n/gm, '')
    .replace('./slipway', `printf '%s\\n'`);
  assert.ok(execFileSync('sh', ['-c', shown], { encoding: 'utf8' }).endsWith(`\nRepoId=${ODD}\n`));
  const curl = execFileSync('sh', ['-c', textOf('curl').replace('curl', `printf '%s\\n'`)], { encoding: 'utf8' });
  assert.deepEqual(curl.split('\n').slice(0, 5), [
    ...['--request', 'POST', SIGNED.url, '--header', `authorization: it's signed`],
  ]);
});
