import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type BuildSecret, parseSecretName, parseSecretValue } from '#build/build-secret.ts';
import { listBuildSecrets, removeBuildSecret, saveBuildSecret } from '#build/build-secret-store.ts';
import type { Principal } from '#ram/principal.ts';
import { invalidParameter, missingParameter } from '#rpc/api-error.ts';
import { readQuery, text } from './api-query.ts';
import { readJsonObject, textField } from './json-body.ts';
import { allow, callerOf, getRepositoryNamed, type NativeApi } from './native-api.ts';

const FIELDS = ['Value'];
/** In characters. */
const LIMITS = { Value: 16_384 };
const QUERY = { repository: text(/^[^/]+\/[^/]+$/, 'of the form NAMESPACE/NAME') };

type SecretRequest = FastifyRequest<{ Params: { name: string } }>;

/**
 * `GET /secrets`, `PUT /secrets/NAME`, `DELETE /secrets/NAME`, each with or without `repository=NAMESPACE/NAME`: what steps
 * mount with `--mount=type=secret,id=NAME`. A value goes in and never comes out.
 */
export async function secretRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  const { means, instanceId } = api;

  app.get('/secrets', async (request) => {
    const principal = await callerOf(api, request);
    const { repository } = readQuery(request, QUERY);
    const repoId = await scopeOf(request, principal, 'cr:ListRepositoryBuildRule', repository);
    const secrets = await listBuildSecrets(means.db, instanceId, repoId);
    return { RequestId: request.id, Secrets: secrets.map((secret) => secretReply(secret, repository)) };
  });

  app.put('/secrets/:name', async (request: SecretRequest) => {
    const body = request.body as Buffer | undefined;
    const principal = await callerOf(api, request, body);
    const { repository } = readQuery(request, QUERY);
    const repoId = await scopeOf(request, principal, 'cr:UpdateRepositoryBuildRule', repository);
    const name = parseSecretName(request.params.name);
    const fields = readJsonObject(body, LIMITS);
    const unknown = Object.keys(fields).find((field) => !FIELDS.includes(field));
    if (unknown !== undefined)
      throw invalidParameter(unknown, `there is no such field here; there are: ${FIELDS.join(', ')}.`);
    const value = textField(fields, 'Value');
    if (value === undefined) throw missingParameter('Value');
    const key = { instanceId, repoId, name };
    const saved = await saveBuildSecret(means, key, parseSecretValue(value), means.now());
    return { RequestId: request.id, ...secretReply(saved, repository) };
  });

  app.delete('/secrets/:name', async (request: SecretRequest) => {
    const principal = await callerOf(api, request);
    const { repository } = readQuery(request, QUERY);
    const repoId = await scopeOf(request, principal, 'cr:UpdateRepositoryBuildRule', repository);
    await removeBuildSecret(means.db, { instanceId, repoId, name: parseSecretName(request.params.name) });
    return { RequestId: request.id };
  });

  /** The repository that a caller may change or see the builds of; undefined for the whole instance. */
  async function scopeOf(
    request: FastifyRequest,
    principal: Principal,
    action: string,
    repository: string | undefined,
  ): Promise<string | undefined> {
    allow(api, { request, principal }, action, `repository/${instanceId}/${repository ?? '*'}`);
    return repository === undefined ? undefined : (await getRepositoryNamed(api, repository)).repoId;
  }
}

function secretReply(secret: BuildSecret, repository: string | undefined) {
  return {
    Name: secret.name,
    Repository: secret.repoId === undefined ? undefined : repository,
    CreateTime: secret.createdMs,
    ModifiedTime: secret.modifiedMs,
  };
}
