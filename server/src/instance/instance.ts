/** An instance, which owns namespaces, repositories and builds. Times are in milliseconds since 1970. */
export interface Instance {
  readonly instanceId: string;
  readonly name: string;
  readonly regionId: string;
  /** Always `RUNNING` while the server runs. */
  readonly status: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

/** The edition named in replies. Slipway has only one; this is a value of the vendor's that clients know. */
export const INSTANCE_SPECIFICATION = 'Enterprise_Advanced';

/** The name of the instance that the server creates on its first start. */
export const FIRST_INSTANCE_NAME = 'slipway';
