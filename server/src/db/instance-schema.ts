import type { Generated } from 'kysely';

/** A tag of an instance. */
export interface InstanceTagTable {
  instance_id: string;
  key: string;
  value: string;
}

/** The resource group that an instance was put into. */
export interface InstanceGroupTable {
  instance_id: string;
  resource_group_id: string;
}

/** The public endpoint of a module of an instance; no row is one that nobody changed. */
export interface EndpointTable {
  instance_id: string;
  module_name: string;
  enabled: number;
  /** JSON: the allow-list, entries as they were given. */
  entries: string;
}

/** A private network that a module of an instance is linked to. */
export interface LinkedNetworkTable {
  /** The order in which they were linked. */
  sequence: Generated<number>;
  instance_id: string;
  module_name: string;
  vpc_id: string;
  vswitch_id: string;
  wants_dns: number;
}
