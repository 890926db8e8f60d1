import { type Rights, useMay } from './may.ts';

/** Which operations on users, groups, roles and policies the caller's policies allow, on one path such as `user/ana`. */
export function useMayRam<const Operations extends readonly string[]>(
  path: string,
  ...operations: Operations
): Rights<Operations> {
  const calls = operations.map((operation) => ({ action: `ram:${operation}`, resource: path }));
  return useMay(calls) as unknown as Rights<Operations>;
}
