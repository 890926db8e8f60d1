import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { CliError } from '../error/cli-error.ts';
import { SlipwayCommand } from '../frame/slipway-command.ts';
import { addBuildFlags, asFlagMistake, readBuildFlags } from './build-flags.ts';

function read(...args: string[]) {
  const command = addBuildFlags(new SlipwayCommand('build'));
  return readBuildFlags(command.parse(args, { from: 'user' }).opts());
}

test('turns the flags of a build into fields of a request', async () => {
  const fields = await read('--target', 'tools', '--no-cache', '--pull', '--label', 'a=b=c', '--label', 'flag');
  assert.deepEqual(fields, { Target: 'tools', NoCache: true, Pull: true, Labels: { a: 'b=c', flag: '' } });
});

test('accepts platforms separated by commas and in several flags', async () => {
  const { Platforms } = await read('--platform', 'linux/amd64, arm64', '--platform', 'linux/arm/v7');
  assert.deepEqual(Platforms, ['linux/amd64', 'arm64', 'linux/arm/v7']);
});

test('sends no fields without flags', async () => {
  assert.deepEqual(JSON.parse(JSON.stringify(await read())), {});
});

test('names the flag of a wrong value', async () => {
  await assert.rejects(read('--label', '=x'), /^CliError: --label: "=x" is not of the form NAME=VALUE$/);
});

test('reports the server’s refusal of a field as a mistake in its flag', () => {
  const refusal = (name: string) =>
    new ApiCallError({
      code: 'InvalidParameter',
      status: 400,
      message: `The specified parameter "${name}" is not valid: it is odd.`,
      requestId: '',
    });
  const told = asFlagMistake(refusal('Labels.a')) as CliError;
  assert.ok(told instanceof CliError);
  assert.deepEqual([told.message, told.exitCode], ['--label: it is odd', 2]);
  const other = refusal('Source.GitUrl');
  assert.equal(asFlagMistake(other), other);
});
