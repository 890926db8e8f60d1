import { LISTED } from '../../api/access-queries.ts';

/** Says below a list that it may have more entries than it shows. */
export function FirstOnly({ of, entries }: { of: string; entries: readonly unknown[] | undefined }) {
  if (entries === undefined || entries.length < LISTED) return null;
  return (
    <p className="quiet">
      This list has the first {LISTED} {of}.
    </p>
  );
}
