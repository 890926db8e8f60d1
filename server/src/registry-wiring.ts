import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { AccountKeys } from '#account/account.ts';
import type { PasswordGate } from '#account/registry-password.ts';
import type { CallRecord } from '#audit/call-record.ts';
import { isRead } from '#native/request-note.ts';
import { decide } from '#ram/decide.ts';
import type { Principal } from '#ram/principal.ts';
import { type Distribution, startDistribution } from '#registry/distribution/distribution.ts';
import { type ListTags, tagLister } from '#registry/distribution/tag-list.ts';
import { registryLogin } from '#registry/registry-login.ts';
import { FORMER_SERVICE, registryService } from '#registry/registry-service.ts';
import { loadSigningKey, type SigningKey } from '#registry/tokens/signing-key.ts';
import type { Signer, TokenServiceOptions } from '#registry/tokens/token-service.ts';
import { ensureForPush } from '#repository/auto-create.ts';
import type { Means } from '#rpc/context.ts';
import { authenticateAcs3 } from '#signature/authenticate-acs3.ts';
import type { Verifier } from '#signature/verify-signature.ts';

/** The registry child, the key whose tokens it believes, and what it is called in them. */
export interface Registry {
  distribution: Distribution;
  key: SigningKey;
  service: string;
}

const ISSUER = 'slipway';

/** Starts distribution as a child of this process. */
export async function openRegistry(options: {
  folder: string;
  publicUrl: string;
  account: { RegionId: string; InstanceId: string };
  logger: Logger;
}): Promise<Registry> {
  const service = registryService(options.account.RegionId, options.account.InstanceId);
  const key = await loadSigningKey(options.folder);
  const distribution = await startDistribution({
    folder: options.folder,
    certificateFile: key.certificateFile,
    tokenRealm: `${options.publicUrl}/token`,
    service,
    issuer: ISSUER,
    log: options.logger.child({ part: 'registry' }),
  });
  return { distribution, key, service };
}

/** Whom the token service asks: the account's keys, the policies and the repositories. */
export function registryQuestions(options: {
  registry: Registry;
  keys: AccountKeys;
  means: Means;
  instanceId: string;
  gate: PasswordGate;
  calls?: CallRecord;
}): TokenServiceOptions<Principal> {
  const { registry, means, instanceId, calls } = options;
  return {
    key: registry.key,
    issuer: ISSUER,
    service: registry.service,
    formerService: FORMER_SERVICE,
    now: means.now,
    verifyBasic: registryLogin(options),
    authorize: (principal, action, resource, requestId) => {
      const decision = decide({ principal, action, resource });
      calls?.note({
        timeMs: means.now(),
        requestId,
        callerArn: principal.arn,
        accessKeyId: principal.accessKeyId,
        action,
        resource,
        sourceIp: principal.call?.sourceIp,
        reads: isRead(action),
        denied: !decision.allowed,
        code: decision.allowed ? 'allowed' : 'NoPrivilege',
      });
      return decision.allowed;
    },
    noteLogin: ({ requestId, principal, user, origin }) =>
      calls?.note({
        timeMs: means.now(),
        requestId,
        callerArn: principal?.arn ?? '',
        // What a stranger typed is an id at most: a secret may stand there by mistake.
        accessKeyId: principal?.accessKeyId ?? (/^LTAI\w{1,60}$/.test(user) ? user : ''),
        action: 'GET /token',
        resource: '',
        sourceIp: origin.sourceIp,
        reads: true,
        denied: principal === undefined,
        code: principal === undefined ? 'UNAUTHORIZED' : 'success',
      }),
    repositoryArn: (namespace, name) =>
      `acs:cr:${means.regionId}:${means.accountId}:repository/${instanceId}/${namespace}/${name}`,
    repositoryExists: (namespace, name) => ensureForPush(means, instanceId, namespace, name),
  };
}

/** Who signed a login to the registry, by the same rules as a call of the native API. */
export function signedLogins(verifier: Verifier): (message: IncomingMessage) => Promise<Signer<Principal>> {
  return async (message) => {
    const { principal } = await authenticateAcs3(message, verifier, Buffer.alloc(0));
    return { accessKeyId: principal.accessKeyId, principal };
  };
}

/** Reads the tags of the registry, wherever it listens at that time. */
export function registryTags(registry: Registry, now: () => number): ListTags {
  return tagLister({
    url: () => registry.distribution.url,
    key: registry.key,
    issuer: ISSUER,
    service: registry.service,
    now,
  });
}
