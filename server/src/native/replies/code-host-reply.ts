import type { CodeHost } from '#rpc/native-types.gen.ts';
import type { ShownLogin, StoredCodeHost } from '#source/hosts/code-host.ts';
import { fingerprint } from '#source/hosts/known-hosts.ts';

/** A code host without its credentials. */
export function codeHostReply(host: StoredCodeHost): CodeHost {
  return {
    CodeRepoType: host.codeRepoType,
    BaseUrl: host.baseUrl,
    ...loginReply(host.login),
    AllowPrivate: host.allowPrivate,
    StatusApi: host.statuses?.api,
    StatusUrl: host.statuses?.apiUrl,
    StatusFailure: host.statusFailure?.message,
    StatusFailureTime: host.statusFailure?.timeMs,
    CreateTime: host.createdMs,
    ModifiedTime: host.modifiedMs,
  };
}

function loginReply(login: ShownLogin | undefined): Pick<CodeHost, 'User' | 'HasToken' | 'SshKey' | 'HostKeys'> {
  if (login === undefined) return { HasToken: false };
  if ('user' in login) return { User: login.user || undefined, HasToken: true };
  const hostKeys = login.hostKeys.map(({ type, key }) => ({ Type: type, Fingerprint: fingerprint(key) }));
  return { HasToken: false, SshKey: login.fingerprint || undefined, HostKeys: hostKeys };
}
