import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#ram/principal.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { NativeName } from '#rpc/native-types.gen.ts';
import { allow, authorizeNative } from './authorize.ts';
import { callerOf, isBearer, senderOf } from './caller.ts';
import { checkHost, refuseOtherOrigins } from './host-check.ts';
import type { NativeContext, NativeMeans, ServedOperation } from './native-operation.ts';
import type { NativeSpec } from './native-spec.ts';
import { nativeOperations } from './operations.gen.ts';
import { paramsReader, type ReadParams } from './read-params.ts';
import { noteOf } from './request-note.ts';
import { nativeSpecs } from './spec.gen.ts';

/** One operation with everything that answers its calls. */
interface Served {
  readonly spec: NativeSpec;
  readonly operation: ServedOperation;
  readonly readParams: ReadParams;
}

/**
 * Serves every operation of `spec/native.json`, and nothing else. Each call goes through the same steps: authenticate,
 * read the parameters, authorize, run, reply. An answer before `run` never reveals whether anything exists.
 */
export async function nativeGateway(app: FastifyInstance, { means }: { means: NativeMeans }): Promise<void> {
  for (const [name, spec] of Object.entries(nativeSpecs)) {
    const operation = nativeOperations[name as NativeName] as ServedOperation;
    const served = { spec, operation, readParams: paramsReader(spec) };
    // In a scope of its own: a content type that one operation takes is refused elsewhere.
    await app.register(async (scope) => serve(scope, means, served));
  }
}

function serve(app: FastifyInstance, means: NativeMeans, served: Served): void {
  const { method, path, stream, anonymous = false, events = false, bodyLimitBytes, console: ofConsole } = served.spec;
  if (stream !== undefined) app.addContentTypeParser(stream, (_request, _payload, done) => done(null));
  app.route({
    method,
    url: path.replace(/\{(\w+)\}/g, ':$1'),
    exposeHeadRoute: !events,
    config: { anonymous, streamsBody: stream !== undefined },
    ...(bodyLimitBytes === undefined ? {} : { bodyLimit: bodyLimitBytes }),
    onRequest: async (request) => {
      noteOf(request).reads = readsOnly(served.spec);
      if (!ofConsole) return;
      checkHost(request, means.verifier);
      refuseOtherOrigins(request, means.verifier);
    },
    handler: (request, reply) => answer(means, served, request, reply),
  });
}

async function answer(
  means: NativeMeans,
  { spec, operation, readParams }: Served,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const principal = await principalOf(means, spec, request);
  if (spec.signed !== undefined && isBearer(request)) throw new ApiError('NoPermission', 403, spec.signed);
  const params = readParams(request);
  const caller = { ...means, requestId: request.id, principal };
  const repoIds = spec.everybody || spec.anonymous ? undefined : await authorizeNative(caller, request, spec, params);
  const mayNeed = (action: string, path: string) => allow(caller, request, spec, action, path);
  // No policy decides it, and the record of calls has it anyway.
  if (spec.everybody && !readsOnly(spec)) noteOf(request).asked.push({ action: spec.action, resource: spec.resource });
  const context: NativeContext = { ...caller, repoIds, allow: mayNeed };
  const result = await operation.run(context, params, { request, reply });
  return spec.json && result !== undefined ? { RequestId: request.id, ...result } : reply;
}

function readsOnly({ level }: NativeSpec): boolean {
  return level === 'Read' || level === 'List';
}

/** If the operation reads the body itself, it checks the hash there. */
async function principalOf(means: NativeMeans, spec: NativeSpec, request: FastifyRequest): Promise<Principal> {
  if (spec.anonymous) return NOBODY;
  if (spec.stream !== undefined) return (await senderOf(means, request)).principal;
  return callerOf(means, request, request.body as Buffer | undefined);
}

/** The caller of an operation that needs no signature. */
const NOBODY = {
  kind: 'user',
  arn: '',
  accountId: '',
  accessKeyId: '',
  userId: '',
  userName: '',
  policies: [],
} as const;
