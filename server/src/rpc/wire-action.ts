import type { Action } from './spec.gen.ts';

/** The action as requests name it: without the product that stands before it where several products have it. */
export function wireAction(action: Action): string {
  return action.slice(action.indexOf('.') + 1);
}
