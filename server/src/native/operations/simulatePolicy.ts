import { rolePrincipal, userPrincipal } from '#account/principals.ts';
import { getRole } from '#account/role-store.ts';
import { getUser } from '#account/user-store.ts';
import { parseIpRange } from '#address/ip-range.ts';
import { decide } from '#ram/decide.ts';
import { type Policy, PolicyMistake, parsePolicy } from '#ram/policy.ts';
import type { Principal } from '#ram/principal.ts';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import type { PolicyQuestion } from '#rpc/native-types.gen.ts';
import { type NativeContext, nativeOperation } from '../native-operation.ts';

/**
 * `POST /policy/simulate`: how a call would be decided, and why, without making it. It shows policies, so it needs
 * `ram:SimulatePolicy` on `*`, which no system policy allows except the one with all of RAM.
 */
export default nativeOperation('simulatePolicy', async (context, question) => {
  const principal = await principalOf(context, question);
  const { Action: action, Resource: resource = '*' } = question;
  const { allowed, reason, explanation, considered } = decide({ principal, action, resource });
  return {
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

/** The caller that the question is about, in the given circumstances. */
async function principalOf({ db, accountId, now }: NativeContext, question: PolicyQuestion): Promise<Principal> {
  const { UserName: userName, RoleName: roleName, PolicyDocument: document } = question;
  const call = {
    timeMs: timeOf(question) ?? now(),
    sourceIp: addressOf(question),
    secureTransport: question.SecureTransport === true,
  };
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

function parse(document: string): Policy {
  try {
    return parsePolicy(document);
  } catch (error) {
    throw error instanceof PolicyMistake ? invalidParameter('PolicyDocument', error.message) : error;
  }
}

function timeOf({ Time: value }: PolicyQuestion): number | undefined {
  if (value === undefined) return undefined;
  const timeMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(timeMs)) throw invalidParameter('Time', 'it is not of the form 2026-03-01T12:00:00Z.');
  return timeMs;
}

function addressOf({ SourceIp: value }: PolicyQuestion): string | undefined {
  if (value !== undefined && (value.includes('/') || !parseIpRange(value)))
    throw invalidParameter('SourceIp', 'it is not an IP address.');
  return value;
}
