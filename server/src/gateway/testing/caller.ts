import { type Action, operationSpecs, productVersions } from '#rpc/spec.gen.ts';
import { wireAction } from '#rpc/wire-action.ts';
import type { GatewayUnderTest } from './gateway.ts';
import { send, signV1, target } from './send.ts';

/** A key that a test calls with. */
export interface KeyUnderTest {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** A reply's status and its fields. */
export interface ReplyUnderTest {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into replies whose shape it is about to check.
  readonly body: any;
}

/** Calls an operation of any product as the owner of a key, by a GET signed in form v1. */
export async function callAs(
  gateway: GatewayUnderTest,
  key: KeyUnderTest,
  action: Action,
  params: Record<string, string> = {},
): Promise<ReplyUnderTest> {
  const Version = productVersions[operationSpecs[action].product];
  const token = key.securityToken === undefined ? {} : { SecurityToken: key.securityToken };
  const signed = signV1(key, 'GET', { Action: wireAction(action), Version, ...token, ...params });
  const { status, body } = await send(gateway, target(signed));
  return { status, body: JSON.parse(body) };
}

/** Calls as the account's owner, and fails the test unless the reply is good. */
export async function owner(
  gateway: GatewayUnderTest,
  action: Action,
  params: Record<string, string> = {},
): Promise<ReplyUnderTest['body']> {
  const { status, body } = await callAs(gateway, gateway, action, params);
  if (status !== 200) throw new Error(`${action}: ${status} ${JSON.stringify(body)}`);
  return body;
}

/** Makes a user with a key and, where a document is given, a policy of the user's name. */
export async function makeUser(gateway: GatewayUnderTest, name: string, document?: object): Promise<KeyUnderTest> {
  await owner(gateway, 'CreateUser', { UserName: name });
  if (document) {
    const PolicyName = `of-${name}`;
    await owner(gateway, 'CreatePolicy', { PolicyName, PolicyDocument: JSON.stringify(document) });
    await owner(gateway, 'AttachPolicyToUser', { PolicyType: 'Custom', PolicyName, UserName: name });
  }
  const { AccessKey } = await owner(gateway, 'CreateAccessKey', { UserName: name });
  return { accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret };
}

/** A policy of one statement. */
export function policy(
  Effect: 'Allow' | 'Deny',
  Action: string | string[],
  Resource = '*',
  Condition?: object,
): object {
  return { Version: '1', Statement: [{ Effect, Action, Resource, ...(Condition ? { Condition } : {}) }] };
}
