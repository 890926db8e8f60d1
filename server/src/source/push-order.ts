/** What is known of the pushes to one branch or tag, as they were told: commits by their ids, `0` for none. */
export interface PushOrder {
  /** What the newest push left there. */
  readonly head: string;
  /** When that was, by the code host's own clock; absent where it tells no times. */
  readonly pushedMs?: number | undefined;
  /** The last pushes that were told, each as `before after`. */
  readonly told: readonly string[];
  /** Stretches that pushes are known to have covered which nobody told of; where one began may be unknown. */
  readonly gaps: readonly { readonly from?: string | undefined; readonly to: string }[];
}

/** One push: what was there before and after, and when, as far as the code host says. */
export interface OrderedPush {
  readonly before: string | undefined;
  readonly after: string;
  readonly pushedMs: number | undefined;
}

const NONE = '0';
const TOLD_KEPT = 32;
const GAPS_KEPT = 8;

/**
 * Whether a push is late, told after a newer one of its branch or tag, and what is known then. A push that goes on from the newest
 * one is next, whatever clocks say. Else the code host's times decide, and where there are none or they are equal, the chain of
 * pushes: one that fills a gap before a newer push is late, and so is one that was told before. What none of this decides is next.
 */
export function orderPush(known: PushOrder | undefined, given: OrderedPush): { isLate: boolean; order: PushOrder } {
  const push = { ...given, before: given.before && plain(given.before), after: plain(given.after) };
  const { before, after } = push;
  if (known === undefined || before === known.head) return { isLate: false, order: next(known, push) };
  const byMs = (push.pushedMs ?? 0) - (known.pushedMs ?? 0);
  const isTimed = push.pushedMs !== undefined && known.pushedMs !== undefined && byMs !== 0;
  const gap = known.gaps.find(({ from, to }) => to === after || (from !== undefined && from === before));
  if (isTimed ? byMs < 0 : gap !== undefined && after !== known.head)
    return { isLate: true, order: { ...known, gaps: narrow(known.gaps, gap, push) } };
  if (isTimed || before === undefined) return { isLate: false, order: next(known, push) };
  if (after === known.head) return { isLate: false, order: known };
  if (before !== NONE && known.told.includes(`${before} ${after}`)) return { isLate: true, order: known };
  return { isLate: false, order: next(known, push) };
}

/** What is known once a push is the newest. */
function next(known: PushOrder | undefined, { before, after, pushedMs }: OrderedPush): PushOrder {
  const { told, gaps } = known ?? { told: [], gaps: [] };
  const isGap = before !== undefined && before !== NONE && before !== known?.head;
  return {
    head: after,
    pushedMs,
    told: before === undefined ? told : [...told, `${before} ${after}`].slice(-TOLD_KEPT),
    gaps: isGap ? [...gaps, { from: known?.head, to: before }].slice(-GAPS_KEPT) : gaps,
  };
}

/** The gaps once a push was told that belongs at an end of one of them. */
function narrow(gaps: PushOrder['gaps'], gap: PushOrder['gaps'][number] | undefined, push: OrderedPush) {
  if (gap === undefined || push.before === undefined) return gaps;
  const left = gap.to === push.after ? { from: gap.from, to: push.before } : { from: push.after, to: gap.to };
  return gaps.flatMap((each) => (each !== gap ? [each] : left.from === left.to || left.to === NONE ? [] : [left]));
}

function plain(commitId: string): string {
  return /^0+$/.test(commitId) ? NONE : commitId;
}
