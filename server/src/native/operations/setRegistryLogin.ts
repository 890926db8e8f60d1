import { parseRegistryLogin } from '#source/bases/base-registry.ts';
import { changeBaseRegistry } from '#source/bases/base-registry-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { registryHost } from '../replies/registry-host.ts';
import { registryReply } from '../replies/registry-reply.ts';

/** `PUT /registries/HOST/login`: the login that builds use there. */
export default nativeOperation('setRegistryLogin', async (context, { host, User, Password, Namespaces }) => {
  const login = parseRegistryLogin(User, Password, Namespaces);
  const key = { instanceId: context.instanceId, host: registryHost(host) };
  return registryReply(await changeBaseRegistry(context, key, { login }, context.now()));
});
