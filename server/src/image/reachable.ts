/** The manifests of a repository and their references. */
export interface ManifestGraph {
  /** What stays for its own sake: the image of a tag, what can be restored, what was used lately. */
  roots: Iterable<string>;
  /** For an index, what it lists. */
  children: Iterable<{ parent: string; child: string }>;
  /** For a referrer, its subject. */
  subjects: Iterable<{ digest: string; subject: string }>;
}

/** Which manifests stay: the roots, what they list, and the referrers of any that stays, at any depth. */
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
  // A set is walked in insertion order, including what is added on the way.
  for (const digest of found) for (const next of leadsTo.get(digest) ?? []) found.add(next);
  return found;
}
