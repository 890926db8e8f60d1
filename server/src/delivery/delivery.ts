/** A receiver's address, its secret, and the state of its deliveries. */
export interface Receiver {
  receiverId: string;
  url: string;
  /** Signs each delivery; undefined for receivers that have no field for it. */
  secret: string | undefined;
}

/** `untriggered`: the event did not match the receiver, and nothing was sent. */
export type DeliveryState = 'waiting' | 'delivered' | 'failed' | 'untriggered';

/** What happened, and where. */
export interface Occasion {
  /** The event's sequence number: a receiver gets each event once. */
  eventSequence: number;
  /** For example `push` or `cr:Artifact:BuildCompleted`. */
  eventType: string;
  namespaceName: string;
  repoName: string;
  tag: string;
}

/** One event for one receiver, as it is listed. */
export interface Delivery extends Omit<Occasion, 'eventSequence'> {
  sequence: number;
  deliveryId: string;
  receiverId: string;
  body: string;
  contentType: string;
  state: DeliveryState;
  attempts: number;
  createdMs: number;
  /** The status of the last attempt; the following fields are of that attempt too. */
  triedMs: number | undefined;
  status: number | undefined;
  /** The beginning of the reply's body. */
  reply: string | undefined;
  /** Why it failed, in a sentence. */
  failure: string | undefined;
}

/** How an attempt ended. `failure` is absent if the receiver took the delivery. */
export interface Attempt {
  status?: number | undefined;
  reply?: string | undefined;
  failure?: string | undefined;
}

const MINUTE_MS = 60_000;
/** When a delivery is tried, counted from the first attempt: again after 1, 5 and 30 minutes and 2 hours. */
const TRIED_AFTER_MS = [0, 1, 6, 36, 156].map((minutes) => minutes * MINUTE_MS);

/**
 * When to retry a delivery whose attempt has just failed; undefined if it is given up. For deliveries that waited
 * behind it, the time counts from their own event, so that a dead receiver does not hold each of them for hours.
 */
export function planNextAttempt(
  { createdMs, failingSinceMs }: { createdMs: number; failingSinceMs: number },
  nowMs: number,
): number | undefined {
  const firstMs = Math.max(createdMs, failingSinceMs);
  const next = TRIED_AFTER_MS.find((afterMs) => firstMs + afterMs > nowMs);
  return next === undefined ? undefined : firstMs + next;
}

/** Events from before this time are given up together with the one that was tried. */
export function givenUpBefore(nowMs: number): number {
  return nowMs - (TRIED_AFTER_MS.at(-1) ?? 0);
}
