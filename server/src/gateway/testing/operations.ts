import type { Operation } from '#rpc/operation.ts';
import type { Operations } from '../find-operation.ts';

/** Operations of a test, by action, as a gateway takes them. */
export function operationsOf(...operations: readonly Pick<Operation, 'action'>[]): Operations {
  return new Map(operations.map((one) => [one.action, one as Operation]));
}
