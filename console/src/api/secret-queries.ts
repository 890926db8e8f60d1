import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient } from '../session/session.ts';
import { getNative, queryOf } from './native-api.ts';

type SecretList = NativeCalls['listBuildSecrets']['reply'];

/** A secret that steps of builds can mount; its value is never shown. */
export type BuildSecret = SecretList['Secrets'][number];

/** The secrets of a repository, and those of all repositories. */
export function secretsQuery(repository: string) {
  return queryOptions({
    queryKey: ['secrets', repository],
    queryFn: async ({ signal }) => (await getNative<SecretList>(`/secrets${queryOf({ repository })}`, signal)).Secrets,
  });
}

/** Sets a secret of a repository. */
export function setSecret(repository: string, secret: string, Value: string) {
  return callNative(currentClient(), 'setBuildSecret', { secret, repository, Value });
}

/** Removes a secret of a repository. */
export function removeSecret(repository: string, secret: string) {
  return callNative(currentClient(), 'removeBuildSecret', { secret, repository });
}
