import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IpRange } from '#address/ip-range.ts';
import { CHART_REPOSITORY_NAME_LIMIT } from '#chart/chart.ts';
import { chartRepositoryNotFound } from '#chart/errors.ts';
import { NAMESPACE_NAME_LIMIT, nameMistake } from '#namespace/namespace.ts';
import { callerOf, senderOf } from '#native/caller.ts';
import type { Principal } from '#ram/principal.ts';
import { parseBasic, type TokenServiceMeans, WRONG_PAIR } from '#registry/tokens/token-service.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { callOrigin } from '#signature/call-origin.ts';
import { REQUEST_ID_HEADER } from '../registry/registry-answer.ts';

/**
 * Checks who may do what with charts. Passwords are those of the registry; the command line and the console sign their
 * requests.
 */
export interface ChartDoor
  extends Pick<TokenServiceMeans<Principal>, 'verifyBasic' | 'authorize' | 'nameOf' | 'noteLogin'> {
  /** `acs:cr:<region>:<account>:chart/<instance>/<namespace>/<name>`. */
  chartArn(namespace: string, name: string): string;
  readonly callers: Parameters<typeof senderOf>[0];
  readonly trustedProxies?: readonly IpRange[];
}

const ACTIONS: Record<string, string> = {
  GET: 'cr:PullRepository',
  HEAD: 'cr:PullRepository',
  POST: 'cr:PushRepository',
  DELETE: 'cr:DeleteChartRelease',
};

/**
 * The ARN of the caller, if it may do the action. Nothing is looked up before, and the body is not needed yet:
 * `checkSent` checks it. Throws 401 for an unknown caller, and 403 alike for what does not exist and for what is not
 * allowed.
 */
export async function authorizeChart(request: FastifyRequest, reply: FastifyReply, door: ChartDoor): Promise<string> {
  reply.header(REQUEST_ID_HEADER, request.id);
  const principal = await login(request, reply, door);
  const { namespace = '', name = '' } = request.params as Record<string, string>;
  // A text that cannot be a name is not passed to the policies: it could act as a pattern.
  if (nameMistake(namespace, NAMESPACE_NAME_LIMIT) || nameMistake(name, CHART_REPOSITORY_NAME_LIMIT))
    throw chartRepositoryNotFound();
  const action = ACTIONS[request.method] ?? '';
  const resource = door.chartArn(namespace, name);
  if (await door.authorize(principal, action, resource, request.id)) return door.nameOf(principal);
  const message = `No policy allows ${action} on ${resource}, or one denies it (RequestId ${request.id}).`;
  throw new ApiError('NoPrivilege', 403, message);
}

/** Throws if the request is signed and its body is not the signed one. */
export async function checkSent(request: FastifyRequest, door: ChartDoor, body: Buffer): Promise<void> {
  if (!isBasic(request.headers.authorization)) await callerOf(door.callers, request, body);
}

async function login(request: FastifyRequest, reply: FastifyReply, door: ChartDoor): Promise<Principal> {
  const { authorization } = request.headers;
  const challenged = (message: string) => {
    reply.header('www-authenticate', 'Basic realm="charts"');
    return new ApiError('CHART_LOGIN_REFUSED', 401, message);
  };
  if (authorization === undefined)
    throw challenged('Log in with the user name and password of docker login, as in helm repo add --username.');
  if (!isBasic(authorization)) {
    const isSentLater = request.method === 'POST';
    return isSentLater ? (await senderOf(door.callers, request)).principal : callerOf(door.callers, request);
  }
  const pair = parseBasic(authorization);
  const origin = callOrigin(request.raw, door.trustedProxies);
  const principal = pair && (await door.verifyBasic(pair.user, pair.password, origin));
  if (principal !== undefined) return principal;
  door.noteLogin?.({ requestId: request.id, principal, user: pair?.user ?? '', origin });
  throw challenged(`${WRONG_PAIR[0]?.toUpperCase()}${WRONG_PAIR.slice(1)}.`);
}

function isBasic(authorization: string | undefined): boolean {
  return /^Basic /i.test(authorization ?? '');
}
