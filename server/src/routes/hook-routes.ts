import type { FastifyInstance, FastifyRequest } from 'fastify';
import { buildPush } from '#build/rules/build-push.ts';
import { sendApiError } from '#native/error-reply.ts';
import { type NoteMeans, noteAnswers } from '#native/request-note.ts';
import { ApiError } from '#rpc/api-error.ts';
import type { Means } from '#rpc/context.ts';
import { pushSignatureRefused } from '#source/errors.ts';
import { deliveryNames } from '#source/push-delivery.ts';
import { readPushEvent } from '#source/push-event.ts';
import { getPushHook } from '#source/push-hook-store.ts';
import { signatureMistake } from '#source/push-signature.ts';

type HookRequest = FastifyRequest<{ Params: { id: string } }>;

/** What the hooks need. */
export interface HookRoutesMeans extends NoteMeans {
  means: Means;
  /** Whether a push cancels older builds of the same rule and tag. */
  supersede: boolean;
}

// Code hosts send no more: GitHub gives up at 25 MB.
const BODY_LIMIT_BYTES = 25 * 1024 * 1024;

/**
 * `POST /hooks/ID`: push events of code hosts. Nothing is read for a hook that does not exist, or if the headers
 * already show that the sender does not know its secret. The signature is verified on the unchanged body, before
 * anything in it is used. Builds are queued, not waited for. Answers 200 with the queued builds, or why there are none.
 */
export async function hookRoutes(app: FastifyInstance, options: HookRoutesMeans): Promise<void> {
  const { means, supersede } = options;
  app.removeAllContentTypeParsers();
  noteAnswers(app, options);
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => sendApiError(reply, error, request.id));
  app.setNotFoundHandler((request, reply) =>
    sendApiError(reply, new ApiError('InvalidPath.NotFound', 404, 'There is no such hook.'), request.id),
  );

  const onRequest = async ({ headers, params }: HookRequest) => {
    const { secret } = await getPushHook(means, params.id);
    const mistake = signatureMistake(headers, undefined, secret, means.now());
    if (mistake !== undefined) throw pushSignatureRefused(mistake);
  };
  app.post('/:id', { onRequest, bodyLimit: BODY_LIMIT_BYTES }, async (request: HookRequest) => {
    const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
    const hook = await getPushHook(means, request.params.id);
    const mistake = signatureMistake(request.headers, body, hook.secret, means.now());
    if (mistake !== undefined) throw pushSignatureRefused(mistake);
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
      throw new ApiError(
        'InvalidParameter',
        400,
        'The body is not of type application/json; choose it in the hook’s settings at the code host.',
      );
    const event = await readPushEvent(body);
    if (typeof event === 'string') return { RequestId: request.id, Builds: [], Notes: [event] };
    const names = deliveryNames(request.headers, body);
    const { builds, notes } = await buildPush(means, hook, event, names, { supersede });
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
