import { setTimeout as sleep } from 'node:timers/promises';

const ASK_EVERY_MS = 500;

/** Asks for the state of work that the server does, again and again until it is over; returns the last state. */
export async function askUntil<State>(
  ask: () => Promise<State>,
  isOver: (state: State) => boolean,
  first?: State,
): Promise<State> {
  let state = first ?? (await ask());
  while (!isOver(state)) {
    await sleep(ASK_EVERY_MS);
    state = await ask();
  }
  return state;
}
