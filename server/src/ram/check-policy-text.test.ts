import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPolicyText } from './check-policy-text.ts';

const KNOWN = [
  { action: 'cr:GetRepository', resources: ['acs:cr:{Region}:{Account}:repository/{InstanceId}'] },
  { action: 'cr:GetRepositoryBuildLog', resources: ['*'] },
];
const policy = (...lines: string[]) =>
  [
    '{',
    '  "Version": "1",',
    '  "Statement": [{',
    '    "Effect": "Allow",',
    ...lines.map((line) => `    ${line}`),
    '  }]',
    '}',
  ].join('\n');

const CASES: [name: string, text: string, notes: [line: number, severity: string, says: RegExp][]][] = [
  ['a good policy', policy('"Action": "cr:Get*",', '"Resource": "acs:cr:*:*:repository/i/team/*"'), []],
  [
    'no JSON',
    policy('"Action": "cr:Get*"', '"Resource": "*"'),
    [[6, 'Error', /not JSON: there is "\\"" where a comma or } must be/]],
  ],
  [
    'an unfinished text',
    '{\n  "Version": "1",\n',
    [[3, 'Error', /the text ends where a name in double quotes must be/]],
  ],
  [
    'an unknown field',
    policy('"Action": "cr:Get*",', '"Resource": "*",', '"Sid": "a"'),
    [[7, 'Error', /unknown field "Sid"/]],
  ],
  [
    'an action without a service',
    policy('"Action": [', '  "cr:Get*",', '  "GetInstance"', '],', '"Resource": "*"'),
    [[7, 'Error', /"GetInstance" is not of the form service:Action/]],
  ],
  [
    'an invalid resource',
    policy('"Action": "cr:Get*",', '"Resource": ["*", "team/app"]'),
    [[6, 'Error', /"team\/app" is neither \* nor/]],
  ],
  ['a missing resource', policy('"Action": "cr:Get*"'), [[3, 'Error', /Resource must be/]]],
  [
    'an unknown action',
    policy('"Action": ["cr:GetRepository", "cr:GetRepositry", "oss:*"],', '"Resource": "*"'),
    [
      [5, 'Warning', /unknown action: nothing on this server asks for cr:GetRepositry/],
      [5, 'Warning', /asks for oss:\*/],
    ],
  ],
  [
    'an action that is asked for on everything alone',
    policy('"Action": "cr:GetRepositoryBuildLog",', '"Resource": "acs:cr:*:*:repository/i/team/*"'),
    [[5, 'Warning', /asked for on \*/]],
  ],
  [
    'resources of another service',
    policy('"Action": "cr:Get*",', '"Resource": "acs:oss:*:*:bucket"'),
    [[6, 'Warning', /acs:oss/]],
  ],
];

test('the mistake in a policy is told with its line, and what it contains in vain is a warning', () => {
  for (const [name, text, expected] of CASES) {
    const notes = checkPolicyText(text, KNOWN);
    assert.deepEqual(
      notes.map(({ line, severity }) => [line, severity]),
      expected.map(([line, severity]) => [line, severity]),
      `${name}: ${JSON.stringify(notes)}`,
    );
    for (const [index, [, , says]] of expected.entries()) assert.match(notes[index]?.message ?? '', says, name);
  }
});

test('a single statement, and single texts for lists, have their lines too', () => {
  const text = '{\n"Version": "1",\n"Statement": {\n"Effect": "Allow",\n"Action": "cr:Nothing",\n"Resource": "*"\n}\n}';
  assert.deepEqual(
    checkPolicyText(text, KNOWN).map(({ line, column }) => [line, column]),
    [[5, 11]],
  );
});
