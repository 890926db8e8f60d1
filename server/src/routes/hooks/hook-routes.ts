import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type HookOptions, takeHookEvent } from '#build/rules/take-hook-event.ts';
import { sendApiError } from '#native/error-reply.ts';
import { type NoteMeans, noteAnswers } from '#native/request-note.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { pushSignatureRefused } from '#source/errors.ts';
import { noteHookDelivery, noteHookRefusal } from '#source/hooks/hook-delivery-store.ts';
import { type HookEvent, readHookEvent } from '#source/hooks/hook-event.ts';
import { deliveryNames as deliveryNamesOf } from '#source/hooks/push-delivery.ts';
import type { PushHook } from '#source/hooks/push-hook.ts';
import { firstReceivedMs, getPushHook } from '#source/hooks/push-hook-store.ts';
import { signatureMistake } from '#source/hooks/push-signature.ts';

type HookRequest = FastifyRequest<{ Params: { id: string } }>;

/** What the hooks need. */
export interface HookRoutesMeans extends NoteMeans, HookOptions {
  means: Means;
}

// Code hosts send no more: GitHub gives up at 25 MB.
const BODY_LIMIT_BYTES = 25 * 1024 * 1024;

/**
 * `POST /hooks/ID`: pushes and pull requests, as code hosts report them. Nothing is read for a hook that does not exist, or if the headers
 * already show that the sender does not know its secret. The signature is verified on the unchanged body, before
 * anything in it is used. Builds are queued, not waited for. Answers 200 with the queued builds, or why there are none.
 */
export async function hookRoutes(app: FastifyInstance, options: HookRoutesMeans): Promise<void> {
  const { means } = options;
  app.removeAllContentTypeParsers();
  noteAnswers(app, options);
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => sendApiError(reply, error, request.id));
  app.setNotFoundHandler((request, reply) =>
    sendApiError(reply, new ApiError('InvalidPath.NotFound', 404, 'There is no such hook.'), request.id),
  );

  // What is refused is listed too: a wrong secret is what most often keeps a hook from working.
  const refuse = async ({ repoId }: PushHook, error: ApiError): Promise<never> => {
    const refusal = { deliveryId: means.newBuildRecordId(), repoId, receivedMs: means.now() };
    await noteHookRefusal(means.db, refusal, error.message);
    throw error;
  };
  const onRequest = async ({ headers, params }: HookRequest) => {
    const hook = await getPushHook(means, params.id);
    const mistake = signatureMistake(headers, undefined, hook.secret, means.now());
    if (mistake !== undefined) await refuse(hook, pushSignatureRefused(mistake));
  };
  const readEvent = async (hook: PushHook, request: HookRequest, body: Buffer) => {
    const mistake = signatureMistake(request.headers, body, hook.secret, means.now());
    if (mistake !== undefined) return refuse(hook, pushSignatureRefused(mistake));
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return refuse(hook, notJson());
    return readHookEvent(body).catch((error: unknown) => {
      if (error instanceof ApiError) return refuse(hook, error);
      throw error;
    });
  };
  // Without a time by the code host, a pull request is as old as its first delivery.
  const dated = async (event: HookEvent | string, { hookId }: PushHook, names: readonly string[], nowMs: number) =>
    typeof event === 'string' || !('pullRequest' in event) || event.pushedMs !== undefined
      ? event
      : { ...event, pushedMs: await firstReceivedMs(means.db, hookId, names, nowMs) };
  app.post('/:id', { onRequest, bodyLimit: BODY_LIMIT_BYTES }, async (request: HookRequest) => {
    const receivedMs = means.now();
    const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
    const hook = await getPushHook(means, request.params.id);
    const deliveryNames = deliveryNamesOf(request.headers, body);
    const event = await dated(await readEvent(hook, request, body), hook, deliveryNames, receivedMs);
    const { sourceIp } = callOrigin(request.raw, options.verifier.trustedProxies);
    const source = await findRepositoryById(means.db, hook.repoId);
    const repository = source && `${source.namespaceName}/${source.name}`;
    const say = (found: object) => request.log.info({ sourceIp, repository, ...found }, 'hook delivery received');
    const { builds, notes } =
      typeof event === 'string'
        ? { builds: [], notes: [event] }
        : await takeHookEvent(means, hook, event, { ...options, deliveryNames });
    await noteHookDelivery(means.db, {
      deliveryId: means.newBuildRecordId(),
      repoId: hook.repoId,
      receivedMs,
      result: builds.length > 0 ? 'built' : 'nothing',
      event: typeof event === 'string' ? undefined : event,
      builds: builds.map(({ buildRecordId, imageTag }) => ({ buildRecordId, imageTag })),
      notes,
      redeliveredBy: undefined,
    });
    say({ builds: builds.map(({ buildRecordId }) => buildRecordId), notes });
    return {
      RequestId: request.id,
      Builds: builds.map(({ buildRecordId, buildRuleId, imageTag }) => ({
        BuildRecordId: buildRecordId,
        BuildRuleId: buildRuleId,
        ImageTag: imageTag,
      })),
      Notes: notes,
    };
  });
}

function notJson(): ApiError {
  return new ApiError(
    'InvalidParameter',
    400,
    'The body is not of type application/json; choose it in the hook’s settings at the code host.',
  );
}
