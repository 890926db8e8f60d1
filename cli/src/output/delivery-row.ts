import { counted } from '@slipway/client/counted.ts';
import type { Delivery } from '@slipway/client/native.gen.ts';
import { utcTime } from './utc-time.ts';

/** One call of a receiver: when, for what, and how it ended. */
export function deliveryRow(delivery: Delivery): string {
  const { CreateTime, Tag, Attempts } = delivery;
  const attempts = Attempts > 1 ? `  ${counted(Attempts, 'attempt')}` : '';
  return `${utcTime(CreateTime)}  ${Tag.padEnd(20)}  ${outcome(delivery)}${attempts}`;
}

/** How a call ended. */
export function outcome({ State, StatusCode, Failure }: Delivery): string {
  // Mail has no status.
  if (State === 'delivered') return StatusCode === undefined ? 'delivered' : `delivered (HTTP ${StatusCode})`;
  return Failure === undefined ? State : `${State}: ${Failure}`;
}
