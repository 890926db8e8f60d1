import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Ended, slipway, startServer, temporaryFolder } from '../support/slipway.ts';

const skipLongReason = process.env.SLIPWAY_TEST_LONG === '1' ? false : 'runs in the longer tier';

const server = await startServer({ after });

test('from the command line: a user with a policy for logs reads only logs, and nothing without it', async () => {
  const { root } = server;
  const asOwner = { SLIPWAY_DATA: server.dataFolder };
  const run = async (...args: string[]): Promise<Ended> => {
    const ended = await slipway(args, { env: asOwner });
    assert.equal(ended.code, 0, ended.stderr);
    return ended;
  };
  await run('ram', 'user', 'create', 'reader');
  await run('ram', 'policy', 'create', 'logs', '--allow', 'cr:GetRepositoryBuildLog');
  await run('ram', 'policy', 'attach', 'logs', '--user', 'reader');
  const { stdout } = await run('ram', 'key', 'create', 'reader');
  const pair = Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );
  assert.deepEqual(Object.keys(pair), ['SLIPWAY_ACCESS_KEY_ID', 'SLIPWAY_ACCESS_KEY_SECRET']);
  const asReader = { ...asOwner, ...pair, SLIPWAY_ENDPOINT: root.Endpoint };
  const ids = [`InstanceId=${root.InstanceId}`, 'RepoId=crr-none', 'BuildRecordId=none'];
  const log = () => slipway(['call', 'ListRepoBuildRecordLog', ...ids], { env: asReader });
  const may = await log();
  assert.deepEqual([may.code, /REPO_NOT_EXIST/.test(may.stderr)], [3, true], may.stderr);
  const other = await slipway(['call', 'GetInstance', `InstanceId=${root.InstanceId}`], { env: asReader });
  assert.equal(other.code, 3);
  assert.match(
    other.stderr,
    /NoPrivilege: Access denied for this user\. It needs cr:GetInstance on acs:cr:local:\d+:instance\/cri-\w+\. \(RequestId /,
  );

  const simulated = await slipway(['policy', 'simulate', '--user', 'reader', 'cr:GetInstance'], { env: asOwner });
  assert.equal(simulated.code, 3);
  assert.match(simulated.stdout, /^denied\nNo policy of acs:ram::\d+:user\/reader allows cr:GetInstance/);
  assert.match((await run('policy', 'simulate', '--user', 'reader', 'cr:GetRepositoryBuildLog')).stdout, /^allowed\n/);

  await run('ram', 'policy', 'detach', 'logs', '--user', 'reader');
  assert.match((await log()).stderr, /NoPrivilege/);
});

test('from the command line: bad names, missing files and unclear targets give one sentence and exit code 2 or 3', async () => {
  const env = { SLIPWAY_DATA: server.dataFolder };
  const cases: [args: string[], code: number, says: RegExp][] = [
    [['ram', 'user', 'create', 'a*'], 3, /UserName.*letters, digits/],
    [['ram', 'policy', 'create', 'p'], 2, /either --document or --allow/],
    [['ram', 'policy', 'create', 'p', '--document', '/nothing'], 2, /\/nothing cannot be read \(ENOENT\)/],
    [['ram', 'policy', 'create', 'p', '--document', '{}'], 3, /InvalidParameter\.PolicyDocument/],
    [['ram', 'policy', 'attach', 'p'], 2, /one of --user, --group and --role/],
    [['ram', 'key', 'create', 'nobody'], 3, /EntityNotExist\.User/],
    [['policy', 'simulate', 'cr:GetInstance'], 2, /one of --user, --role and --document/],
    [['policy', 'simulate', 'cr:GetInstance', '--document', '{}'], 3, /PolicyDocument.*Version/],
    [['--ca-file', '/nothing', 'call', 'ListInstance'], 2, /\/nothing cannot be read/],
  ];
  for (const [args, code, says] of cases) {
    const ended = await slipway(args, { env });
    assert.equal(ended.code, code, `${args.join(' ')}: ${ended.stderr}`);
    assert.match(ended.stderr, says);
    assert.equal(ended.stderr.trimEnd().split('\n').length, 1, ended.stderr);
  }
});

test('from the command line: passwords, tags and account settings can be set, shown and removed', {
  skip: skipLongReason,
}, async (t) => {
  const server = await startServer(t);
  const folder = temporaryFolder(t);
  const [first, second] = ['a-first-Password-1', 'a-second-Password-2'].map((password, i) => {
    const file = join(folder, `password-${i}`);
    writeFileSync(file, `${password}\n`);
    return file;
  }) as [string, string];
  const env = { SLIPWAY_DATA: server.dataFolder };
  const ram = async (line: string, extra: Record<string, string> = {}): Promise<string> => {
    const ended = await slipway(['ram', ...line.split(' ')], { env: { ...env, ...extra } });
    assert.equal(ended.code, 0, `${line}: ${ended.stderr}`);
    return `${ended.stdout}${ended.stderr.replaceAll(/^slipway: /gm, '')}`.trimEnd();
  };
  const cases: [line: string, says: RegExp][] = [
    ['user create reader --comments first', /^created the user reader \(\d+\)$/],
    ['user update reader --comments second --display-name Reader', /^changed the user reader$/],
    ['group create team', /team/],
    ['group update team --comments ours', /^changed the group team$/],
    ['group add team reader', /./],
    ['policy create logs --allow cr:GetRepositoryBuildLog', /./],
    ['policy update logs --allow cr:Get*', /version is now v2/],
    ['policy attach logs --group team', /./],
    ['group show team', /^name +team\ncreated +\S+\nuser +reader\npolicy +logs \(Custom\)$/],
    ['policy holders logs', /^group {2}team$/],
    ['policy describe logs reading', /^logs is for: reading$/],
    ['policy use logs v1', /^the default version of logs is now v1$/],
    ['policy versions logs', /^v1 +\S+ +default\nv2 +\S+$/],
    ['policy show logs v2', /"cr:Get\*"/],
    ['role create ci', /./],
    ['role update ci --max-seconds 7200 --description nightly', /^changed the role ci$/],
    ['role show ci', /longest session +7200 s/],
    ['alias set example-team', /^the account.s alias is example-team$/],
    ['alias show', /^example-team$/],
    ['password-policy set --minimum-length 12 --symbols true', /^minimum-length +12\n[\s\S]*symbols +true\n/],
    ['password-policy show', /^minimum-length +12\n[\s\S]*hard-expiry +false\nattempts +0$/],
    ['sign-in set --session-hours 3 --from 127.0.0.0/8;::1', /^session-hours +3\nfrom +127\.0\.0\.0\/8;::1\n/],
    ['sign-in show --json', /"LoginSessionDuration":3/],
    [`login create reader --password-file ${first} --must-change true`, /^reader signs in with a password$/],
    ['login show reader', /^user +reader\nsince +\S+\nmust change +true$/],
    ['tag set team=platform stage=test --user reader', /^the user reader has team=platform, stage=test$/],
    ['tag list --user reader', /^stage +test\nteam +platform$/],
    ['tag remove stage --user reader', /./],
    ['tag list --user reader --json', /^\{[^\n]*"TagKey":"team","TagValue":"platform"[^\n]*\}$/],
    ['tag set team=platform --role ci', /./],
  ];
  for (const [line, says] of cases) assert.match(await ram(line), says, line);

  const pair = Object.fromEntries((await ram('key create reader')).split('\n').map((line) => line.split('=')));
  const asReader = { ...pair, SLIPWAY_ENDPOINT: server.root.Endpoint };
  assert.match(await ram(`password --old-file ${first} --new-file ${second}`, asReader), /the password was changed/);
  const again = await slipway(['ram', 'password', '--old-file', first, '--new-file', second], {
    env: { ...env, ...asReader },
  });
  assert.equal(again.code, 3, again.stderr);
  assert.match(again.stderr, /IncorrectPassword/);
  assert.match(await ram('login delete reader'), /can no longer sign in/);

  const mistakes: [line: string, says: RegExp][] = [
    [
      'sign-in set',
      /say what to change: --session-hours, --from, --change-password; see slipway ram sign-in set --help/,
    ],
    ['login create reader', /name the file with the password: --password-file FILE/],
    ['password', /name the file with the password: --old-file FILE/],
    ['password --old-file - --new-file -', /two files/],
    ['tag list', /one of --user, --role and --policy/],
    ['tag set team --user reader', /"team" is not of the form NAME=VALUE/],
  ];
  for (const [line, says] of mistakes) {
    const ended = await slipway(['ram', ...line.split(' ')], { env });
    assert.equal(ended.code, 2, `${line}: ${ended.stderr}`);
    assert.match(ended.stderr, says, line);
  }
});
