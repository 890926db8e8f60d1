import type { FastifyInstance, FastifyRequest } from 'fastify';
import { buildPullRequest } from '#build/rules/build-pull-request.ts';
import { buildPush } from '#build/rules/build-push.ts';
import { nothing, type PushResult } from '#build/rules/queue-rule.ts';
import { sendApiError } from '#native/error-reply.ts';
import { type NoteMeans, noteAnswers } from '#native/request-note.ts';
import { findRepositoryById } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { pushSignatureRefused } from '#source/errors.ts';
import { type HookEvent, readHookEvent } from '#source/hooks/hook-event.ts';
import { deliveryNames } from '#source/hooks/push-delivery.ts';
import type { PushHook } from '#source/hooks/push-hook.ts';
import { getPushHook } from '#source/hooks/push-hook-store.ts';
import { signatureMistake } from '#source/hooks/push-signature.ts';

type HookRequest = FastifyRequest<{ Params: { id: string } }>;

/** What the hooks need. */
export interface HookRoutesMeans extends NoteMeans {
  means: Means;
  /** Whether a push cancels older builds of the same rule and tag. */
  supersede: boolean;
  /** Whether pull requests are built. */
  pullRequests: boolean;
}

// Code hosts send no more: GitHub gives up at 25 MB.
const BODY_LIMIT_BYTES = 25 * 1024 * 1024;

/**
 * `POST /hooks/ID`: pushes and pull requests, as code hosts report them. Nothing is read for a hook that does not exist, or if the headers
 * already show that the sender does not know its secret. The signature is verified on the unchanged body, before
 * anything in it is used. Builds are queued, not waited for. Answers 200 with the queued builds, or why there are none.
 */
export async function hookRoutes(app: FastifyInstance, options: HookRoutesMeans): Promise<void> {
  const { means, supersede, pullRequests } = options;
  app.removeAllContentTypeParsers();
  noteAnswers(app, options);
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, request, reply) => sendApiError(reply, error, request.id));
  app.setNotFoundHandler((request, reply) =>
    sendApiError(reply, new ApiError('InvalidPath.NotFound', 404, 'There is no such hook.'), request.id),
  );

  const build = async (hook: PushHook, event: HookEvent, names: readonly string[]): Promise<PushResult> => {
    if (!('pullRequest' in event)) return buildPush(means, hook, event, names, { supersede });
    if (!pullRequests) return nothing('pull requests are not built: the setting pull-requests is off');
    return buildPullRequest(means, hook, event, { supersede });
  };
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
    const event = await readHookEvent(body);
    const { sourceIp } = callOrigin(request.raw, options.verifier.trustedProxies);
    const source = await findRepositoryById(means.db, hook.repoId);
    const repository = source && `${source.namespaceName}/${source.name}`;
    const say = (found: object) => request.log.info({ sourceIp, repository, ...found }, 'hook delivery received');
    if (typeof event === 'string') {
      say({ notes: [event] });
      return { RequestId: request.id, Builds: [], Notes: [event] };
    }
    const names = deliveryNames(request.headers, body);
    const { builds, notes } = await build(hook, event, names);
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
