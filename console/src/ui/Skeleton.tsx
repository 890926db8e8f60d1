interface SkeletonProps {
  /** About how many lines the content will have, so that the page keeps its height. */
  lines?: number;
  /** What is read, such as `builds`. */
  of?: string;
}

/** Grey lines where content will be. They appear only if reading takes a moment, so a quick answer does not flicker. */
export function Skeleton({ lines = 3, of }: SkeletonProps) {
  return (
    <div role="status" className="skeleton">
      <span className="unseen">{of === undefined ? 'Reading…' : `Reading ${of}…`}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change their order.
        <span key={line} aria-hidden="true" className="skeleton-line" />
      ))}
    </div>
  );
}
