import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { invalidParameter, missingParameter } from '#rpc/api-error.ts';
import {
  parseBaseUrl,
  parseCodeRepoType,
  parseLogin,
  type ShownLogin,
  type StoredCodeHost,
} from '#source/code-host.ts';
import { listCodeHosts, removeCodeHost, saveCodeHost } from '#source/code-host-store.ts';
import { fingerprint } from '#source/known-hosts.ts';
import { savePushHook } from '#source/push-hook-store.ts';
import { findSourceBinding } from '#source/source-store.ts';
import { readQuery } from './api-query.ts';
import { flagField, readJsonObject, textField } from './json-body.ts';
import { allow, callerOf, type NativeApi } from './native-api.ts';

const FIELDS = ['BaseUrl', 'User', 'Token', 'SshKey', 'KnownHosts', 'AllowPrivate'];
/** In characters, of the fields that may be long. */
const LIMITS = { SshKey: 16_384, KnownHosts: 1024 * 1024 };
const ACTION = 'cr:UpdateSourceRepository';

/**
 * `GET /sources`, `PUT /sources/TYPE`, `DELETE /sources/TYPE`: where code hosts are and what opens them; a token or a
 * key goes in and never comes out. `POST /repositories/NAMESPACE/NAME/hook`: a new address for push events with a new secret, which is
 * shown this once, and whether AutoBuild is on; absent where the repository has no source.
 */
export async function codeHostRoutes(
  app: FastifyInstance,
  { api, publicUrl }: { api: NativeApi; publicUrl: string },
): Promise<void> {
  const { means, instanceId } = api;

  app.get('/sources', async (request) => {
    const principal = await callerOf(api, request);
    readQuery(request, {});
    allow(api, { request, principal }, 'cr:GetSourceRepository', '*');
    const hosts = await listCodeHosts(means.db, instanceId);
    return { RequestId: request.id, Sources: hosts.map(codeHostReply) };
  });

  app.put('/sources/:type', async (request: FastifyRequest<{ Params: { type: string } }>) => {
    const body = request.body as Buffer | undefined;
    const principal = await callerOf(api, request, body);
    allow(api, { request, principal }, ACTION, '*');
    const type = parseCodeRepoType(request.params.type, 'the type in the path');
    const fields = readJsonObject(body, LIMITS);
    const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name));
    if (unknown !== undefined)
      throw invalidParameter(unknown, `there is no such field here; there are: ${FIELDS.join(', ')}.`);
    const given = textField(fields, 'BaseUrl');
    if (given === undefined) throw missingParameter('BaseUrl');
    const baseUrl = parseBaseUrl(given);
    const login = parseLogin(type, baseUrl, {
      User: textField(fields, 'User'),
      Token: textField(fields, 'Token'),
      SshKey: textField(fields, 'SshKey'),
      KnownHosts: textField(fields, 'KnownHosts'),
    });
    const allowPrivate = flagField(fields, 'AllowPrivate') ?? false;
    const host = { codeRepoType: type, baseUrl, login, allowPrivate };
    return { RequestId: request.id, ...codeHostReply(await saveCodeHost(means, instanceId, host, means.now())) };
  });

  app.delete('/sources/:type', async (request: FastifyRequest<{ Params: { type: string } }>) => {
    const principal = await callerOf(api, request);
    readQuery(request, {});
    allow(api, { request, principal }, ACTION, '*');
    await removeCodeHost(means.db, instanceId, parseCodeRepoType(request.params.type, 'the type in the path'));
    return { RequestId: request.id };
  });

  app.post(
    '/repositories/:namespace/:name/hook',
    async (request: FastifyRequest<{ Params: { namespace: string; name: string } }>) => {
      const principal = await callerOf(api, request, request.body as Buffer | undefined);
      const { namespace, name } = request.params;
      allow(api, { request, principal }, ACTION, `repository/${instanceId}/${namespace}/${name}`);
      const { repoId } = await getRepositoryByName(means.db, instanceId, namespace, name);
      const [hookId, secret] = [randomBytes(18).toString('hex'), randomBytes(24).toString('hex')];
      await savePushHook(means, { repoId, instanceId, hookId, secret, createdMs: means.now() });
      const AutoBuild = (await findSourceBinding(means.db, repoId))?.autoBuild;
      return { RequestId: request.id, Url: `${publicUrl}/hooks/${hookId}`, Secret: secret, AutoBuild };
    },
  );
}

function codeHostReply(host: StoredCodeHost) {
  return {
    CodeRepoType: host.codeRepoType,
    BaseUrl: host.baseUrl,
    ...loginReply(host.login),
    AllowPrivate: host.allowPrivate,
    CreateTime: host.createdMs,
    ModifiedTime: host.modifiedMs,
  };
}

function loginReply(login: ShownLogin | undefined) {
  if (login === undefined) return { HasToken: false };
  if ('user' in login) return { User: login.user || undefined, HasToken: true };
  const hostKeys = login.hostKeys.map(({ type, key }) => ({ Type: type, Fingerprint: fingerprint(key) }));
  return { HasToken: false, SshKey: login.fingerprint || undefined, HostKeys: hostKeys };
}
