import type { Registry } from '#rpc/native-types.gen.ts';
import type { BaseRegistry } from '#source/bases/base-registry.ts';

/** A registry without its password. */
export function registryReply({ host, mirrors, login, ...registry }: BaseRegistry): Registry {
  return {
    Host: host,
    Mirrors: mirrors,
    HasLogin: login !== undefined,
    User: login?.user,
    Namespaces: login?.namespaces,
    PlainHttp: registry.plainHttp,
    AllowPrivate: registry.allowPrivate,
    CreateTime: registry.createdMs,
    ModifiedTime: registry.modifiedMs,
  };
}
