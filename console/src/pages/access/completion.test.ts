import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionAt } from './completion.ts';

const ACTIONS = ['cr:GetInstance', 'cr:GetRepository', 'cr:ListRepository', 'ram:GetUser'];
const choicesAt = (marked: string) =>
  completionAt(marked.replace('|', ''), marked.indexOf('|'), ACTIONS)?.choices.join(' ');

test('an action is completed by its beginning in any case, then by a part of its name', () => {
  for (const [marked, choices] of [
    ['"Action": "cr:get|"', 'cr:GetInstance cr:GetRepository'],
    ['"Action": ["cr:GetInstance", "r|"]', 'ram:GetUser'],
    ['"Action": "cr:Repo|"', 'cr:GetRepository cr:ListRepository'],
    ['"Action": "cr:GetInstance|"', undefined],
    ['"Action|": "cr:x"', undefined],
    ['"Resource": "acs:c|"', undefined],
    ['"Action": "oss:|"', undefined],
    ['cr:get|', undefined],
  ] as const)
    assert.equal(choicesAt(marked), choices, marked);
});

test('a chosen action replaces the whole name at the cursor', () => {
  const text = '"Action": "cr:GetXyz"';
  const found = completionAt(text, text.indexOf('Xyz'), ACTIONS);
  assert.equal(text.slice(found?.from, found?.to), 'cr:GetXyz');
});
