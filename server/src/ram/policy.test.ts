import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PolicyMistake, parsePolicy } from './policy.ts';
import { parseTrustPolicy, trusts } from './trust-policy.ts';

const GOOD = { Effect: 'Allow', Action: 'cr:*', Resource: '*' };
const document = (...Statement: object[]) => JSON.stringify({ Version: '1', Statement });

test('parses one statement or several, and strings or lists of strings', () => {
  const [statement] = parsePolicy(JSON.stringify({ Version: '1', Statement: GOOD })).statements;
  assert.deepEqual(statement, {
    effect: 'Allow',
    actions: ['cr:*'],
    except: false,
    resources: ['*'],
    condition: {},
  });
  assert.equal(parsePolicy(document(GOOD, { ...GOOD, Action: ['cr:A', 'cr:B'] })).statements.length, 2);
});

test('refuses unknown fields instead of ignoring them, and says where they are', () => {
  const cases: [text: string, says: RegExp][] = [
    ['{', /not JSON/],
    ['null', /the policy must be an object/],
    [JSON.stringify({ Version: 1, Statement: [GOOD] }), /Version must be "1"/],
    [JSON.stringify({ Version: '1', Statement: [GOOD], Id: 'x' }), /unknown field "Id"/],
    [document(), /at least one/],
    [document({ ...GOOD, Effect: 'allow' }), /Statement\[0\]\.Effect/],
    [document(GOOD, { ...GOOD, Action: [] }), /Statement\[1\]\.Action is an empty list/],
    [document({ ...GOOD, Action: undefined }), /one of Action and NotAction/],
    [document({ ...GOOD, NotAction: 'cr:A' }), /one of Action and NotAction/],
    [document({ ...GOOD, Action: 'GetInstance' }), /service:Action/],
    [document({ ...GOOD, Resource: undefined }), /Resource must be/],
    [document({ ...GOOD, NotResource: '*' }), /unknown field "NotResource"/],
    [document({ ...GOOD, Resource: 'repository/x' }), /neither \* nor acs:/],
    [document({ ...GOOD, Condition: { ForAllValues: {} } }), /unknown operator "ForAllValues"/],
    [document({ ...GOOD, Condition: { Bool: { 'acs:Unknown': 'true' } } }), /unknown key "acs:Unknown"/],
    [document({ ...GOOD, Condition: { Bool: { 'acs:MFAPresent': 'yes' } } }), /"yes" is not a valid value for Bool/],
    [document({ ...GOOD, Condition: { IpAddress: { 'acs:SourceIp': '10.0.0' } } }), /not a valid value for IpAddress/],
    [
      document({ ...GOOD, Condition: { DateLessThan: { 'acs:CurrentTime': 'soon' } } }),
      /not a valid value for DateLessThan/,
    ],
    [document({ ...GOOD, Resource: Array(201).fill('*') }), /more than 200/],
    [
      JSON.stringify({ Version: '1', Statement: [GOOD], ['__proto__']: 1 }).replace('}]', '}],"__proto__":{}'),
      /__proto__/,
    ],
  ];
  for (const [text, says] of cases) {
    assert.throws(
      () => parsePolicy(text),
      (error: Error) => error instanceof PolicyMistake && says.test(error.message),
      text,
    );
  }
});

test('a trust policy lets only those it names assume the role', () => {
  const trust = (RAM: string[], Effect = 'Allow') => ({ Effect, Action: 'sts:AssumeRole', Principal: { RAM } });
  const lets = (arn: string, ...list: object[]) =>
    trusts(parseTrustPolicy(document(...list)), { accountId: '1', arn }, {});
  const user = 'acs:ram::1:user/ci';
  assert.ok(lets(user, trust(['acs:ram::1:root'])));
  assert.ok(lets(user, trust(['acs:ram::1:user/other', user])));
  assert.ok(!lets(user, trust(['acs:ram::1:user/ci2'])));
  assert.ok(!lets(user, trust(['acs:ram::2:root'])));
  assert.ok(!lets(user, trust(['acs:ram::1:root']), trust([user], 'Deny')));
  assert.ok(lets('acs:ram::1:assumed-role/r/s', trust(['acs:ram::1:role/r'])));
  assert.ok(!lets('acs:ram::1:assumed-role/r2/s', trust(['acs:ram::1:role/r'])));
  assert.ok(!lets(user, { ...trust([]), Principal: { Service: ['ecs.aliyuncs.com'] } }));
  for (const bad of [{ Principal: {} }, { Principal: { RAM: ['everyone'] } }, { Action: 'cr:*' }, { Resource: '*' }]) {
    assert.throws(() => parseTrustPolicy(document({ ...trust(['acs:ram::1:root']), ...bad })), PolicyMistake);
  }
});
