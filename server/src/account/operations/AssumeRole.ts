import { randomBytes } from 'node:crypto';
import { conditionValues } from '#ram/decide.ts';
import { PolicyMistake, parsePolicy } from '#ram/policy.ts';
import { parseTrustPolicy, trusts } from '#ram/trust-policy.ts';
import type { Context } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { operation, type Params } from '#rpc/operation.ts';
import { checkLength, ramTime } from '../names.ts';
import { findRole, type RoleRow } from '../role-store.ts';
import { insertSession, sessionRecords } from '../sessions/session-store.ts';

const SHORTEST_SECONDS = 900;
const DEFAULT_SECONDS = 3600;
const POLICY_LIMIT_CHARS = 2048;

/**
 * Both the caller's policies (checked before this runs) and the role's trust policy must allow the call. A role that does not
 * exist gets the same answer as one that does not trust the caller.
 */
export default operation('AssumeRole', {
  resource: (context, { RoleArn }) => `role/${roleName(context.accountId, RoleArn) ?? '*'}`,
  async run(context, params) {
    const name = roleName(context.accountId, params.RoleArn);
    if (name === undefined) throw invalid('InvalidParameter.RoleArn', 'The parameter RoleArn is wrongly formed.');
    if (!/^[\w.@-]{2,64}$/.test(params.RoleSessionName)) {
      throw invalid('InvalidParameter.RoleSessionName', 'The parameter RoleSessionName is wrongly formed.');
    }
    checkLength('ExternalId', params.ExternalId, 1224);
    checkLength('SourceIdentity', params.SourceIdentity, 64);
    if (params.Policy !== undefined) checkSessionPolicy(params.Policy);
    const role = await findRole(context.db, name);
    if (!role || !isTrusted(context, role, params.ExternalId)) throw notTrusted();
    return openSession(context, role, params);
  },
});

function roleName(accountId: string, arn: string): string | undefined {
  const [, account, name] = /^acs:ram::(\d+):role\/([\w.-]+)$/.exec(arn) ?? [];
  return account === accountId && name !== undefined && name.length <= 64 ? name : undefined;
}

function checkSessionPolicy(text: string): void {
  if (text.length > POLICY_LIMIT_CHARS) {
    const message = `The size of Policy must be smaller than ${POLICY_LIMIT_CHARS} characters.`;
    throw invalid('InvalidParameter.PolicySize', message);
  }
  try {
    parsePolicy(text);
  } catch (error) {
    if (!(error instanceof PolicyMistake)) throw error;
    const message = `The parameter Policy has not passed grammar check: ${error.message}`;
    throw invalid('InvalidParameter.PolicyGrammar', message);
  }
}

function isTrusted({ principal }: Context, role: RoleRow, externalId: string | undefined): boolean {
  const values = conditionValues(principal.call);
  const given = externalId === undefined ? values : { ...values, 'sts:ExternalId': externalId };
  return trusts(parseTrustPolicy(role.trust_policy), principal, given);
}

async function openSession(context: Context, role: RoleRow, params: Params<'AssumeRole'>) {
  const seconds = params.DurationSeconds ?? Math.min(DEFAULT_SECONDS, role.max_session_seconds);
  if (seconds < SHORTEST_SECONDS || seconds > role.max_session_seconds) {
    const longest = `${Math.floor(role.max_session_seconds / 3600)}hr`;
    throw invalid('InvalidParameter.DurationSeconds', `The min/max value of DurationSeconds is 15min/${longest}.`);
  }
  const nowMs = context.now();
  const expiresMs = nowMs + seconds * 1000;
  const accessKeyId = `STS.${random(18)}`;
  const [secret, token] = [random(30), `CAIS${random(96)}`];
  const records = sessionRecords(accessKeyId);
  await insertSession(context.db, {
    access_key_id: accessKeyId,
    role_id: role.role_id,
    name: params.RoleSessionName,
    sealed_secret: context.secrets.seal(records.secret, secret),
    sealed_token: context.secrets.seal(records.token, token),
    policy: params.Policy ?? null,
    caller_arn: context.principal.arn,
    source_identity: params.SourceIdentity ?? null,
    created_ms: nowMs,
    expires_ms: expiresMs,
  });
  return {
    AssumedRoleUser: {
      Arn: `acs:ram::${context.accountId}:assumed-role/${role.name}/${params.RoleSessionName}`,
      AssumedRoleId: `${role.role_id}:${params.RoleSessionName}`,
    },
    Credentials: {
      AccessKeyId: accessKeyId,
      AccessKeySecret: secret,
      SecurityToken: token,
      Expiration: ramTime(expiresMs),
    },
    SourceIdentity: params.SourceIdentity,
  };
}

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64url').replaceAll(/[-_]/g, 'x');
}

function invalid(code: string, message: string): ApiError {
  return new ApiError(code, 400, message);
}

function notTrusted(): ApiError {
  const message = 'You are not authorized to do this action. You should be authorized by RAM.';
  return new ApiError('NoPermission', 403, message);
}
