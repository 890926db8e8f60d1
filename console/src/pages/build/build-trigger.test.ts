import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildStart } from './build-trigger.ts';

const ANN = { Part: 'call', Arn: 'acs:ram::1:user/ann' } as const;
const BOB = { Part: 'rule', Arn: 'acs:ram::1:user/bob' } as const;
const HOSTED = { Kind: 'code-host', Name: 'GITLAB team/app', Ref: 'refs/heads/main' } as const;

test('a build says what started it and who asked for it', () => {
  for (const [words, build] of [
    ['Push', { Source: HOSTED, Requesters: [BOB, { Part: 'source', Arn: BOB.Arn }] }],
    ['Pull request 12', { Source: { ...HOSTED, Ref: 'refs/merge-requests/12/head' }, Requesters: [BOB] }],
    ['Pull request', { Source: HOSTED, Trigger: 'pull-request' }],
    ['Rule run by ann', { Source: HOSTED, Requesters: [ANN, BOB] }],
    ['Rebuild by ann', { Source: HOSTED, Requesters: [ANN, BOB], Trigger: 'rebuild' }],
    ['Rebuild by ann', { Source: { Kind: 'git' }, Requesters: [ANN, { Part: 'record', Arn: BOB.Arn }] }],
    ['Request by ann', { Source: { Kind: 'git' }, Requesters: [ANN] }],
    ['Request by ann', { Source: { Kind: 'archive', Name: 'app' }, Requesters: [ANN] }],
    ['Request', { Source: { Kind: 'git' } }],
  ] as const)
    assert.equal(buildStart(build).words, words);
  assert.equal(buildStart({ Source: HOSTED, Requesters: [ANN, BOB] }).title, `call: ${ANN.Arn}\nrule: ${BOB.Arn}`);
});
