import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallRecord } from '#audit/call-record.ts';
import type { Context, Means } from '#rpc/context.ts';
import { accessDenied } from '#rpc/errors/access-denied.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { operationNotImplemented } from '#rpc/errors/not-implemented.ts';
import { replyError } from '#rpc/errors/reply-error.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { readHeaders } from '#signature/headers.ts';
import type { Verifier } from '#signature/verify-signature.ts';
import { authenticate } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { type Exchange, endCall, isRead } from './exchange.ts';
import { findOperation, type Operations } from './find-operation.ts';
import { parseParams } from './parse-params.ts';
import { readRequest } from './read-request.ts';
import { formatFromHeaders, replyFormat } from './reply-format.ts';
import { ReplyTurn } from './reply-turn.ts';
import { writeError } from './write-error.ts';
import { type RunResult, writeReply } from './write-reply.ts';

/** What the gateway needs: the operations, the means they get, how signatures are checked, where faults are told. */
export interface GatewayMeans {
  readonly operations: Operations;
  /** A plain object: it is copied into the context of each call. */
  readonly means: Means;
  readonly account: Verifier['account'];
  readonly nonces: Verifier['nonces'];
  /** `host:port` of the public URL, where a proxy may rewrite Host. */
  readonly publicHost?: string;
  readonly trustedProxies?: Verifier['trustedProxies'];
  readonly throttle?: Verifier['throttle'];
  /** Where calls are noted. */
  readonly calls?: Pick<CallRecord, 'note'>;
  /** Reserves room for a body of at most `limitBytes`, or throws `ApiError`. */
  readonly admitBody?: (message: IncomingMessage, response: ServerResponse, limitBytes: number) => void;
  readonly logger: { error(details: object, message: string): void };
}

/**
 * The RPC side of the port, for `node:http`: every request gets exactly one reply in the vendor's shape, and no
 * operation runs without a verified signature and a policy decision. Faults of ours are answered SystemError and told
 * to the logger with their causes under the same RequestId.
 */
export function createGateway(options: GatewayMeans): (request: IncomingMessage, response: ServerResponse) => void {
  const verifier: Verifier = {
    account: options.account,
    nonces: options.nonces,
    now: () => options.means.now(),
    ...(options.publicHost === undefined ? {} : { publicHost: options.publicHost }),
    ...(options.trustedProxies ? { trustedProxies: options.trustedProxies } : {}),
    ...(options.throttle ? { throttle: options.throttle } : {}),
  };
  const turn = new ReplyTurn(
    () => options.nonces.write(),
    (error) => options.logger.error({ err: error }, 'replies could not go out'),
  );
  return (message, response) => {
    const headers = readHeaders(message.rawHeaders);
    const exchange: Exchange = {
      requestId: randomUUID().toUpperCase(),
      headers,
      turn,
      hostId: headers.get('host')?.[0] ?? '',
      format: formatFromHeaders(headers),
    };
    answer(message, response, exchange, options, verifier).catch((error: unknown) =>
      refuse(message, response, exchange, options, error),
    );
  };
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  options: GatewayMeans,
  verifier: Verifier,
): Promise<void> {
  const { operations, means } = options;
  const admitBody = (limitBytes: number) => options.admitBody?.(message, response, limitBytes);
  const request = await readRequest(message, exchange.headers, admitBody);
  exchange.format = replyFormat(request.headers, request.parameters);
  const found = findOperation(request, operations);
  exchange.found = found;
  const principal = await authenticate(request, found, verifier, callOrigin(message, verifier.trustedProxies));
  exchange.principal = principal;
  const context: Context = { ...means, requestId: exchange.requestId, principal };
  // What is not built says so whatever its parameters, but only to who may call it.
  const params = found.operation ? parseParams(found.spec, request.parameters) : {};
  const { decision, asNamed } = await authorize(found, context, params);
  exchange.decision = decision;
  if (!decision.allowed) throw accessDenied(decision, asNamed);
  const { refusal } = found.spec;
  if (refusal) throw new ApiError(refusal.code, refusal.status, refusal.message);
  if (!found.operation) throw operationNotImplemented(found.action);
  // A nonce of a call that changes something is kept before it is changed; others are before the reply goes out.
  if (!isRead(found)) options.nonces.write();
  const result = (await found.operation.run(context, params)) as RunResult;
  writeReply(response, found, result, exchange);
  endCall(exchange, { message, response }, options, 'success');
}

function refuse(
  message: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
  options: GatewayMeans,
  error: unknown,
): void {
  const { answer, fault } = replyError(error);
  endCall(exchange, { message, response }, options, answer.code);
  // The client is gone: there is nobody to answer, and nothing of ours failed.
  if (response.destroyed || (message.destroyed && !message.complete)) {
    response.destroy();
    return;
  }
  if (fault !== undefined) {
    const { requestId, found } = exchange;
    options.logger.error({ requestId, action: found?.action, err: fault }, 'a call failed');
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // Of a request that was not read to its end, the rest must not be taken for the next one.
  if (!message.complete) response.setHeader('Connection', 'close');
  writeError(response, answer, exchange);
}
