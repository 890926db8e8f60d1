import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { pino } from 'pino';
import { notedCalls } from '#audit/call-record.ts';
import type { RecordedCall } from '#audit/recorded-call.ts';
import type { BuildRecord } from '#build/build.ts';
import { begunBuilds, endedBuilds } from '#build/build-channel.ts';
import { writeEventLines } from './event-lines.ts';
import { ServerLog } from './server-log.ts';

function listen(t: TestContext, level = 'info') {
  const lines: string[] = [];
  const log = new ServerLog({ write: (line: string) => lines.push(line.slice(25).trimEnd()) }, { format: 'text' });
  const faults: unknown[] = [];
  const end = writeEventLines({
    logger: pino({ level, base: {} }, log),
    repositoryName: async (repoId) => (repoId === 'crr-1' ? 'team/app' : undefined),
    report: (_message, error) => faults.push(error),
  });
  t.after(end);
  return { lines, faults, end };
}

const RECORD = {
  buildRecordId: 'b-1',
  repoId: 'crr-1',
  imageTag: 'v1',
  buildRuleId: 'crbr-1',
  requesters: [
    { part: 'rule', who: { arn: 'acs:ram::1:user/ann' } },
    { part: 'source', who: { arn: 'acs:ram::1:user/ann' } },
    { part: 'call' },
  ],
} as unknown as BuildRecord;

const CALL: RecordedCall = {
  timeMs: 1,
  requestId: 'R-1',
  callerArn: 'acs:ram::1:user/ann',
  accessKeyId: 'LTAI1',
  action: 'cr:GetRepository',
  resource: 'acs:cr:local:1:repository/cri-1/team/app',
  sourceIp: '203.0.113.9',
  reads: true,
  denied: false,
  code: 'success',
};

test('a build has a line when it begins, and one with its result, duration and reason when it ends', async (t) => {
  const { lines, faults, end } = listen(t);
  begunBuilds.publish({ ...RECORD, status: 'BUILDING' });
  const ended = { ...RECORD, startedMs: 1000, endedMs: 4250 };
  const failure = { fault: 'source', message: 'step 2 failed: secret line', summary: 'RUN false: exit code 1' };
  endedBuilds.publish({ ...ended, status: 'FAILED', failure });
  endedBuilds.publish({ ...ended, status: 'SUCCESS', imageDigest: 'sha256:ab' });
  endedBuilds.publish({
    ...ended,
    status: 'FAILED',
    failure: { fault: 'machine', message: 'no space' },
    repoId: 'crr-2',
  });
  await turn();
  assert.deepEqual(lines, [
    'INFO  build b-1 began repository=team/app tag=v1 rule=crbr-1 for=acs:ram::1:user/ann',
    'INFO  build b-1 ended FAILED repository=team/app tag=v1 seconds=3.25 reason="RUN false: exit code 1"',
    'INFO  build b-1 ended SUCCESS repository=team/app tag=v1 seconds=3.25 digest=sha256:ab',
    'WARN  build b-1 ended FAILED repository=crr-2 tag=v1 seconds=3.25 reason="no space"',
  ]);
  end();
  begunBuilds.publish(RECORD);
  await turn();
  assert.deepEqual([lines.length, faults], [4, []]);
});

test('sign-ins and refusals have a line with the RequestId; reads and writes have none unless the level is debug', (t) => {
  const { lines } = listen(t);
  const signIn = { ...CALL, action: 'console:SignIn', resource: '*' };
  const calls: Partial<RecordedCall>[] = [
    {},
    { action: 'cr:CreateNamespace', reads: false },
    { action: 'cr:PullRepository', code: 'allowed' },
    signIn,
    { ...signIn, denied: true, code: 'IncorrectPassword' },
    { action: 'GET /token', resource: '', callerArn: '', accessKeyId: 'LTAI9', denied: true, code: 'UNAUTHORIZED' },
    { action: 'cr:PushRepository', denied: true, code: 'NoPrivilege' },
    { code: 'REPO_NOT_EXIST' },
    { callerArn: '', accessKeyId: '', action: '', resource: '', code: 'SignatureDoesNotMatch' },
  ];
  for (const call of calls) notedCalls.publish({ ...CALL, ...call });
  const ann = 'requestId=R-1 sourceIp=203.0.113.9 caller=acs:ram::1:user/ann';
  const { resource } = CALL;
  assert.deepEqual(lines, [
    `INFO  signed in ${ann} action=console:SignIn`,
    `WARN  sign-in refused ${ann} action=console:SignIn code=IncorrectPassword`,
    'WARN  sign-in refused requestId=R-1 sourceIp=203.0.113.9 caller=LTAI9 action="GET /token" code=UNAUTHORIZED',
    `WARN  call refused ${ann} action=cr:PushRepository resource=${resource} code=NoPrivilege`,
    `INFO  call refused ${ann} action=cr:GetRepository resource=${resource} code=REPO_NOT_EXIST`,
    'WARN  call refused requestId=R-1 sourceIp=203.0.113.9 action="" code=SignatureDoesNotMatch',
  ]);
  const all = listen(t, 'debug');
  notedCalls.publish(CALL);
  assert.deepEqual(all.lines, [`DEBUG call answered ${ann} action=cr:GetRepository resource=${resource}`]);
});
