/** What is known about the reported pushes to a branch or tag. Commits are given by id, with `0` for none. */
export interface PushOrder {
  /** The commit after the newest push. */
  readonly head: string;
  /** The time of that push by the code host's clock; absent if the host gives none. */
  readonly pushedMs?: number | undefined;
  /** The last reported pushes, each as `before after`. */
  readonly told: readonly string[];
  /** Ranges of commits covered by pushes that were never reported. Where one began may be unknown. */
  readonly gaps: readonly { readonly from?: string | undefined; readonly to: string }[];
}

/** A push: the commits before and after it, and its time if the code host gives one. */
export interface OrderedPush {
  readonly before: string | undefined;
  readonly after: string;
  readonly pushedMs: number | undefined;
}

const NONE = '0';
const TOLD_KEPT = 32;
const GAPS_KEPT = 8;

/**
 * Whether a push is late (reported after a newer one to its branch or tag), and the state after it. A push that continues from
 * the newest one is next, whatever the clocks say. Otherwise the code host's times decide. Without them, or if they are equal,
 * the chain of pushes decides: a push that fills a gap before a newer one is late, and so is one that was reported before. If
 * none of these decide, it is next.
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

/** The state once a push is the newest. */
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

/** The gaps once a push was reported that fits at the start or end of one of them. */
function narrow(gaps: PushOrder['gaps'], gap: PushOrder['gaps'][number] | undefined, push: OrderedPush) {
  if (gap === undefined || push.before === undefined) return gaps;
  const left = gap.to === push.after ? { from: gap.from, to: push.before } : { from: push.after, to: gap.to };
  return gaps.flatMap((each) => (each !== gap ? [each] : left.from === left.to || left.to === NONE ? [] : [left]));
}

function plain(commitId: string): string {
  return /^0+$/.test(commitId) ? NONE : commitId;
}
