import { parseMirrors } from '#source/bases/base-registry.ts';
import { changeBaseRegistry } from '#source/bases/base-registry-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { registryHost } from '../replies/registry-host.ts';
import { registryReply } from '../replies/registry-reply.ts';

/** `PUT /registries/HOST/mirrors`: the mirrors to ask before it; an empty list removes them. */
export default nativeOperation('setRegistryMirrors', async (context, { host, Mirrors }) => {
  const mirrors = parseMirrors(Mirrors);
  const key = { instanceId: context.instanceId, host: registryHost(host) };
  return registryReply(await changeBaseRegistry(context, key, { mirrors }, context.now()));
});
