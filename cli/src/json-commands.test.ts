import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { commandsThatAct, commandTable, hasFlag } from './frame/command-table.ts';
import { makeProgram } from './program.ts';
import { documentsOf, runLines } from './testing/run-lines.ts';

/** Commands whose output is not a result of Slipway's, each with the reason. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  'slipway mcp': 'the Model Context Protocol defines what it prints',
  'slipway serve': 'the launcher runs it',
  'slipway test': 'the launcher runs it',
  'slipway builder': 'the launcher runs it',
  'slipway completion': 'the shell defines what it prints',
  'slipway man': 'man defines what it prints',
};

test('every command has --json, unless another program defines what it prints', () => {
  const lacking = commandsThatAct(commandTable(makeProgram())).filter((entry) => !hasFlag(entry, '--json'));
  assert.deepEqual(
    lacking.map(({ path }) => path.join(' ')),
    Object.keys(WITHOUT_JSON),
  );
});

test('the help shows no default that is empty', () => {
  const options = commandsThatAct(commandTable(makeProgram())).flatMap((entry) => entry.options);
  assert.deepEqual(
    options.filter(({ description }) => /default: (false|\[\])/.test(description)).map(({ long }) => long),
    [],
  );
});

test('with --json every line on standard output is a document, a list has one per line, and an error is a document on standard error', async () => {
  await using gateway = await startGatewayUnderTest();
  const results = await runLines(gateway, [
    'namespace create team --json',
    'namespace create other --json',
    'namespace list --json',
    'namespace show team --json',
    'ram user create anna --json',
    'ram user list --json',
    'call ListNamespace --json',
    'version --json',
    'secret list --json',
    'builds --json',
  ]);
  for (const result of results) assert.deepEqual([result.code, result.stderr], [0, ''], result.line);
  const counts = results.map((result) => documentsOf(result).length);
  assert.deepEqual(counts, [1, 1, 2, 1, 1, 1, 1, 1, 0, 0]);

  const [badName, badShell, none] = await runLines(gateway, ['namespace create Bad.Name', 'completion tcsh', 'builds']);
  assert.match(badName?.stderr ?? '', /between them\. Correct what/, 'two sentences stay two');
  assert.match(badShell?.stderr ?? '', /argument shell cannot be "tcsh"\. Allowed choices are bash, zsh, fish/);
  assert.match(none?.stderr ?? '', /^slipway: no builds found$/m);

  const [missing, mistake, unknown, nowhere] = await runLines(gateway, [
    'namespace show nothing --json',
    'namespace set team --json',
    'namespace shwo team --json',
    'builds --json --endpoint http://127.0.0.1:9',
  ]);
  const errorOf = (result: typeof missing) => JSON.parse(result?.stderr ?? '') as Record<string, unknown>;
  const { Message, RequestId, ...refused } = errorOf(missing);
  assert.deepEqual([refused.Code, refused.ExitCode, missing?.code], ['NAMESPACE_NOT_EXIST', 3, 3]);
  assert.ok(Message && RequestId);
  for (const [result, code, exitCode] of [
    [mistake, 'InvalidCommandLine', 2],
    [unknown, 'InvalidCommandLine', 2],
    [nowhere, 'Unreachable', 4],
  ] as const) {
    const { Code, ExitCode } = errorOf(result);
    assert.deepEqual([Code, ExitCode, result?.code, result?.stdout], [code, exitCode, exitCode, '']);
  }
});
