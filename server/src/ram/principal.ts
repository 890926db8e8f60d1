/**
 * Who makes a call. Today the account owner alone; users, assumed roles and federated sessions will join as further
 * kinds, each with the policies that speak for it.
 */
export interface Principal {
  readonly kind: 'root';
  readonly accountId: string;
  /** The key the call was signed with. */
  readonly accessKeyId: string;
  /** `acs:ram::<account>:root`, as RAM writes the owner. */
  readonly arn: string;
}
