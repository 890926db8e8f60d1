import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** How long work on many items may hold up everyone else. */
const TURN_MS = 5;

/** The items one by one. Lets others work in between when a turn is over. */
export async function* inTurns<Item>(items: Iterable<Item>): AsyncGenerator<Item, void> {
  let turnEndMs = performance.now() + TURN_MS;
  for (const item of items) {
    yield item;
    if (performance.now() < turnEndMs) continue;
    await yieldToOthers();
    turnEndMs = performance.now() + TURN_MS;
  }
}
