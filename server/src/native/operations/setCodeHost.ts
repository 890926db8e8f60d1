import { parseBaseUrl, parseCodeRepoType, parseLogin, parseStatuses } from '#source/hosts/code-host.ts';
import { saveCodeHost } from '#source/hosts/code-host-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { codeHostReply } from '../replies/code-host-reply.ts';

/** `PUT /sources/TYPE`: the address of a code host, its token or key, and where it takes statuses of commits. */
export default nativeOperation('setCodeHost', async (context, params) => {
  const { BaseUrl, AllowPrivate: allowPrivate = false, User, Token, SshKey, KnownHosts } = params;
  const codeRepoType = parseCodeRepoType(params.type, 'the type in the path');
  const baseUrl = parseBaseUrl(BaseUrl);
  const login = parseLogin(codeRepoType, baseUrl, { User, Token, SshKey, KnownHosts });
  const { StatusApi, StatusUrl, StatusToken } = params;
  const statuses = parseStatuses(baseUrl, login, { StatusApi, StatusUrl, StatusToken });
  const host = { codeRepoType, baseUrl, login, allowPrivate, statuses };
  return codeHostReply(await saveCodeHost(context, context.instanceId, host, context.now()));
});
