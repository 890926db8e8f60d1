import { flag, integer, networks, setting } from './setting-kinds.ts';

/** Settings of what the registry keeps; see `SETTINGS`. */
export const REGISTRY_SETTINGS = {
  'namespaces-limit': setting(integer(1, 1_000_000), '100', 'How many namespaces an instance may have.'),
  'repositories-limit': setting(integer(1, 1_000_000), '5000', 'How many repositories an instance may have.'),
  'untagged-keep-days': setting(
    integer(0, 36_500),
    '7',
    'How long an image without a tag is kept after it was last pushed, pulled or untagged. 0 keeps such images, and all layers, for ever.',
  ),
  networks: setting(
    networks,
    '',
    'Private networks that the registry may be linked to: VPC/VSWITCH=CLIENTS@ADDRESS, with the range (CIDR) of their clients and the address at which these reach this server.',
  ),
  'delete-namespace-contents': setting(
    flag,
    'false',
    'DeleteNamespace deletes the repositories of the namespace, and their images, with it; else it refuses one that has any.',
  ),
};
