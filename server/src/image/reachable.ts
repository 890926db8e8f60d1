/** The manifests of a repository and what they point at. */
export interface ManifestGraph {
  /** What stays by itself: what a tag stands for, what can be restored, what was used lately. */
  roots: Iterable<string>;
  /** Of an index, what it lists. */
  children: Iterable<{ parent: string; child: string }>;
  /** What says something of another manifest. */
  subjects: Iterable<{ digest: string; subject: string }>;
}

/** Which manifests stay: the roots, what they list, and what says something of one that stays, in any depth. */
export function reachable({ roots, children, subjects }: ManifestGraph): Set<string> {
  const leadsTo = new Map<string, string[]>();
  const lead = (from: string, to: string) => {
    const known = leadsTo.get(from);
    if (known === undefined) leadsTo.set(from, [to]);
    else known.push(to);
  };
  for (const { parent, child } of children) lead(parent, child);
  for (const { digest, subject } of subjects) lead(subject, digest);
  const found = new Set(roots);
  // A set is walked in the order of insertion, also over what is added on the way.
  for (const digest of found) for (const next of leadsTo.get(digest) ?? []) found.add(next);
  return found;
}
