import { pairOf, startServer } from '../support/slipway.ts';

/** A user name and password that log in to the registry. */
export interface Pair {
  readonly kind: string;
  readonly user: string;
  readonly password: string;
}

/**
 * Starts a server with the namespace `team`, where a push creates its repository, and every kind of pair that can log
 * in.
 */
export async function startRegistry(scope: { after(act: () => unknown): void }) {
  const server = await startServer(scope);
  const { client, root } = server;
  const { InstanceId } = root;
  await client.call('CreateNamespace', { InstanceId, NamespaceName: 'team', AutoCreateRepo: true });
  const { accessKeyId, accessKeySecret } = pairOf(root);
  const { TempUsername = '', AuthorizationToken = '' } = await client.call('GetAuthorizationToken', { InstanceId });
  await client.call('ResetLoginPassword', { InstanceId, Password: 'letters-and-1' });
  const pairs: Pair[] = [
    { kind: 'the pair from GetAuthorizationToken', user: TempUsername, password: AuthorizationToken },
    { kind: 'an access key pair', user: accessKeyId, password: accessKeySecret },
    { kind: 'the password of ResetLoginPassword', user: root.AccountId, password: 'letters-and-1' },
  ];
  return { ...server, host: new URL(root.Endpoint).host, pairs };
}
