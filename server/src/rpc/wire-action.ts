import type { Action } from './spec.gen.ts';

/** The action's name in requests: without the product prefix of actions that several products have. */
export function wireAction(action: Action): string {
  return action.slice(action.indexOf('.') + 1);
}
