import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { slipway, startServer } from '../support/slipway.ts';

const server = await startServer({ after });

test('a wrong value of a flag of build, seen by the command or by the server: exit 2 and the flag', async () => {
  const cases: [flags: string[], says: RegExp][] = [
    [['--tag', 'Not/AName'], /^slipway: --tag: "Not\/AName"/],
    [
      ['--file', '../Dockerfile'],
      /^slipway: --file: "\.\.\/Dockerfile" is not a path inside the source; see slipway build --help$/m,
    ],
    [['--build-arg', '1=a'], /^slipway: --build-arg: "1=a" is not of the form NAME=value/],
    [['--label', '=x'], /^slipway: --label: "=x" is not of the form NAME=VALUE/],
    [['--label', `${'x'.repeat(300)}=`], /^slipway: --label: .* is not the name of a label/],
    [['--target', 'a b'], /^slipway: --target: "a b" is not the name of a stage/],
  ];
  for (const [flags, says] of cases) {
    const ended = await slipway(['build', 'examples/hello', ...flags, '--data', server.dataFolder]);
    assert.equal(ended.code, 2, `${flags.join(' ')}: ${ended.stderr}`);
    assert.match(ended.stderr, says, flags.join(' '));
  }
});
