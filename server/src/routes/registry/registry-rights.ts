import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RepositoryAction } from '#registry/tokens/scope.ts';
import type { TokenRights } from '#registry/tokens/token.ts';
import { noteRecorded } from '../refusal-lines.ts';
import { challenge, REQUEST_ID_HEADER, type RegistryDoor, rightsOf, sendError } from './registry-answer.ts';

/** Names the resource for the policies. */
export interface AskedOf {
  /** `acs:cr:<region>:<account>:repository/<instance>/<namespace>/<name>`. */
  repositoryArn(namespace: string, name: string): string;
}

const RAM_ACTIONS: Readonly<Record<RepositoryAction, string>> = {
  pull: 'cr:PullRepository',
  push: 'cr:PushRepository',
  delete: 'cr:DeleteRepositoryTag',
};
/** The actions that a client requests for it: a push also reads what exists. */
const SCOPES: Readonly<Record<RepositoryAction, string>> = { pull: 'pull', push: 'pull,push', delete: 'delete' };

/** Who may do it, as the token says. */
type Bearer = Pick<TokenRights, 'by' | 'replicates' | 'build'> & { reply?: undefined };

/**
 * Checks by its token whether a request may do something to a repository. If not, sends the reply: the token to fetch,
 * the action that no policy allows, or that the repository does not exist.
 */
export async function authorizedFor(
  request: FastifyRequest,
  reply: FastifyReply,
  door: RegistryDoor & AskedOf,
  repository: string,
  action: RepositoryAction,
): Promise<Bearer | { reply: FastifyReply }> {
  const told = await rightsOf(request, door);
  if (told === undefined) return { reply: challenge(request, reply, door, repository, SCOPES[action]) };
  if (told.requestId !== '') reply.header(REQUEST_ID_HEADER, told.requestId);
  if (told.denied[action].includes(repository))
    return { reply: sendDenied(reply, door, action, repository, told.requestId) };
  if (action === 'push' && told.missing.includes(repository)) return { reply: sendMissing(reply, repository) };
  if (told.allowed.get(repository)?.includes(action)) return told;
  return { reply: challenge(request, reply, door, repository, SCOPES[action]) };
}

/** Names the action that no policy allows. */
export function sendDenied(
  reply: FastifyReply,
  door: AskedOf,
  action: RepositoryAction,
  repository: string,
  requestId: string,
): FastifyReply {
  const [namespace = '', name = ''] = repository.split('/');
  const resource = door.repositoryArn(namespace, name);
  const message = `no policy allows ${RAM_ACTIONS[action]} on ${resource}, or one denies it`;
  noteRecorded(reply);
  return sendError(reply, 403, 'DENIED', message, requestId);
}

/** Tells a client that may push what is missing. */
export function sendMissing(reply: FastifyReply, repository: string): FastifyReply {
  const message = `repository ${repository} does not exist; create it first (CreateRepository), then push again`;
  return sendError(reply, 404, 'NAME_UNKNOWN', message);
}
