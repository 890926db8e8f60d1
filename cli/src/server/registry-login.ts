import type { DockerLogin } from './docker-login.ts';
import type { Server } from './find-server.ts';

/** Requests a login to the server's registry, valid for a number of hours or as long as the caller's key. */
export async function getRegistryLogin(server: Server, hours: number): Promise<DockerLogin & { endMs: number }> {
  const asked = { InstanceId: server.instanceId, ExpiresInHours: hours };
  const { TempUsername, AuthorizationToken, ExpireTime } = await server.client.call('GetAuthorizationToken', asked);
  if (TempUsername === undefined || AuthorizationToken === undefined || ExpireTime === undefined)
    throw new Error('GetAuthorizationToken answered without a login');
  return { host: server.imageHost, user: TempUsername, password: AuthorizationToken, endMs: ExpireTime };
}
