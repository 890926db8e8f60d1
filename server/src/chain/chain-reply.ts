import type { Chain } from './chain.ts';

/** A chain as replies show it. */
export function chainReply(chain: Chain) {
  return {
    ChainId: chain.chainId,
    CreateTime: chain.createdMs,
    Description: chain.description,
    InstanceId: chain.instanceId,
    ModifiedTime: chain.modifiedMs,
    Name: chain.name,
    ScopeExclude: chain.scopeExclude,
    ScopeId: chain.scopeId,
    ScopeType: chain.scopeType,
  };
}
