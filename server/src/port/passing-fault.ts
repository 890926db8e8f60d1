import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiError } from '#rpc/errors/api-error.ts';
import { replyError } from '#rpc/errors/reply-error.ts';

/** Answers an error of a route. */
type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/**
 * The handler of errors of all routes that have a form of their own for them: what may pass, because the database, the bucket or the disk
 * cannot serve it now, is noted and sent with 503 by `send`. `others` gets any other error; without it, Fastify does.
 */
export function handlePassing(
  send: (reply: FastifyReply, answer: ApiError) => FastifyReply,
  others: ErrorHandler = throwAgain,
): ErrorHandler {
  return (error, request, reply) => {
    const { answer, fault } = replyError(error);
    if (answer.status !== 503) return others(error, request, reply);
    if (fault !== undefined) request.log.error({ err: fault }, 'a request could not be answered now');
    return send(reply, answer);
  };
}

function throwAgain(error: unknown): never {
  throw error;
}
