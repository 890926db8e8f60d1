import type { FastifyInstance } from 'fastify';
import { rolePrincipal, userPrincipal } from '#account/principals.ts';
import { getRole } from '#account/role-store.ts';
import { getUser } from '#account/user-store.ts';
import { decide } from '#ram/decide.ts';
import { parseIpRange } from '#ram/ip-range.ts';
import { PolicyMistake, parsePolicy } from '#ram/policy.ts';
import type { Principal } from '#ram/principal.ts';
import { invalidParameter, missingParameter } from '#rpc/api-error.ts';
import { readJsonObject } from './json-body.ts';
import { allow, callerOf, type NativeApi } from './native-api.ts';

/** In characters: more than a policy may have, so that one that is too long is told what is wrong with it. */
const LIMITS = { PolicyDocument: 16_384 };

/** What a simulation asks; every field is checked before it is used. */
interface Question {
  Action?: unknown;
  Resource?: unknown;
  UserName?: unknown;
  RoleName?: unknown;
  PolicyDocument?: unknown;
  SourceIp?: unknown;
  Time?: unknown;
  SecureTransport?: unknown;
}

/**
 * `POST /policy/simulate`: what would be decided of a call, and why, without making it. It shows policies, so it needs
 * `ram:SimulatePolicy` on `*`, which nobody but the owner and who has all of RAM is given by a system policy.
 */
export async function policyRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  app.post('/policy/simulate', async (request) => {
    const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
    const caller = await callerOf(api, request, body);
    allow(api, { request, principal: caller }, 'ram:SimulatePolicy', '*');
    const question: Question = readJsonObject(body, LIMITS);
    const principal = await principalOf(api, question);
    const action = text(question, 'Action') ?? missing('Action');
    const resource = text(question, 'Resource') ?? '*';
    const { allowed, reason, explanation, considered } = decide({ principal, action, resource });
    return {
      RequestId: request.id,
      Allowed: allowed,
      Reason: reason,
      Explanation: explanation,
      Considered: considered.map(({ policy, statement, effect, outcome }) => ({
        Policy: policy,
        Statement: statement,
        Effect: effect,
        Outcome: outcome,
      })),
    };
  });
}

/** Whom the question is about, in the circumstances that it names. */
async function principalOf({ means }: NativeApi, question: Question): Promise<Principal> {
  const { db, accountId } = means;
  const call = {
    timeMs: timeOf(question) ?? means.now(),
    sourceIp: addressOf(question),
    secureTransport: question.SecureTransport === true,
  };
  const userName = text(question, 'UserName');
  const roleName = text(question, 'RoleName');
  const document = text(question, 'PolicyDocument');
  if (userName !== undefined) return { ...(await userPrincipal(db, accountId, await getUser(db, userName), '')), call };
  if (roleName !== undefined) {
    const session = { accessKeyId: '', name: 'simulation', policy: null };
    return { ...(await rolePrincipal(db, accountId, await getRole(db, roleName), session)), call };
  }
  if (document === undefined) throw missingParameter('UserName, RoleName or PolicyDocument');
  const policy = { name: 'PolicyDocument', type: 'Custom' as const, through: 'the request', policy: parse(document) };
  const nobody = { accountId, accessKeyId: '', userId: '', userName: 'somebody', policies: [policy] };
  return { kind: 'user', arn: `acs:ram::${accountId}:user/somebody`, ...nobody, call };
}

function parse(document: string) {
  try {
    return parsePolicy(document);
  } catch (error) {
    throw error instanceof PolicyMistake ? invalidParameter('PolicyDocument', error.message) : error;
  }
}

function text(question: Question, name: keyof Question): string | undefined {
  const value = question[name];
  if (value !== undefined && typeof value !== 'string') throw invalidParameter(name, 'it must be a text.');
  return value === '' ? undefined : value;
}

function timeOf(question: Question): number | undefined {
  const value = text(question, 'Time');
  if (value === undefined) return undefined;
  const timeMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(timeMs)) throw invalidParameter('Time', 'it is not of the form 2026-03-01T12:00:00Z.');
  return timeMs;
}

function addressOf(question: Question): string | undefined {
  const value = text(question, 'SourceIp');
  if (value !== undefined && (value.includes('/') || !parseIpRange(value)))
    throw invalidParameter('SourceIp', 'it is no address.');
  return value;
}

function missing(name: string): never {
  throw missingParameter(name);
}
