import type { Card } from '@slipway/client/native.gen.ts';

/** What to do about a failure: each way on a line, with its command or setting below it. */
export function fixLines(fixes: Card['Fixes']): string[] {
  return fixes.flatMap(({ Text, Command, Setting }) => [
    Text,
    ...(Command === undefined ? [] : [`    ${Command}`]),
    ...(Setting === undefined ? [] : [`    setting ${Setting}: slipway serve --${Setting} …`]),
  ]);
}
