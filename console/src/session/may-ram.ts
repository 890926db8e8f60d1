import { useMay } from './may.ts';

/** Which operations on users, groups, roles and policies the caller's policies allow, on one path such as `user/ana`. */
export function useMayRam(path: string, ...operations: readonly string[]): readonly boolean[] {
  return useMay(operations.map((operation) => ({ action: `ram:${operation}`, resource: path })));
}
