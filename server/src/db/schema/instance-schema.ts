import type { Generated } from 'kysely';

/** A tag of an instance. */
export interface InstanceTagTable {
  instance_id: string;
  key: string;
  value: string;
}

/** The resource group of an instance. */
export interface InstanceGroupTable {
  instance_id: string;
  resource_group_id: string;
}

/** The public endpoint of a module of an instance; there is no row if nobody has changed it. */
export interface EndpointTable {
  instance_id: string;
  module_name: string;
  enabled: number;
  /** JSON: the allow-list, with the entries as they were given. */
  entries: string;
}

/** A private network that is linked to a module of an instance. */
export interface LinkedNetworkTable {
  /** The order in which they were linked. */
  sequence: Generated<number>;
  instance_id: string;
  module_name: string;
  vpc_id: string;
  vswitch_id: string;
  wants_dns: number;
}

/** A further host name of a module's endpoint. */
export interface CustomizedDomainTable {
  /** The order in which they were added. */
  sequence: Generated<number>;
  instance_id: string;
  module_name: string;
  domain: string;
  /** The name of its certificate in the operator's folder. */
  cert_id: string;
  created_ms: number;
  modified_ms: number;
}
