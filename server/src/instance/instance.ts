/** An instance: what namespaces, repositories and builds belong to. Times in milliseconds since 1970. */
export interface Instance {
  readonly instanceId: string;
  readonly name: string;
  readonly regionId: string;
  /** `RUNNING`, as long as the server is. */
  readonly status: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

/** The edition that replies name; Slipway has one, and clients know this value of the vendor's. */
export const instanceSpecification = 'Enterprise_Advanced';

/** The name of the instance that the first start makes. */
export const firstInstanceName = 'slipway';
