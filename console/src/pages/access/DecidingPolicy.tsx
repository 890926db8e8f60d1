import type { HolderKind } from '../../api/access-queries.ts';
import { PolicyLink } from './AttachedPolicies.tsx';
import { HolderLink } from './HolderLink.tsx';

const NAMED = /^(System|Custom) policy (\S+) of (user|group|role) (\S+)$/;

/** The statement that decides, with links to its policy and to what the policy is attached to. */
export function DecidingPolicy({ policy, statement }: { policy: string; statement: number }) {
  const [, type, name = '', kind, holder = ''] = NAMED.exec(policy) ?? [];
  // Statements are counted from 1 here, as people do.
  const place = `statement ${statement + 1} of `;
  if (type === undefined)
    return (
      <>
        {place}
        {policy}
      </>
    );
  return (
    <>
      {place}
      <PolicyLink type={type} name={name} /> <span className="quiet">attached to</span>{' '}
      <HolderLink holder={{ kind: kind as HolderKind, name: holder }} />
    </>
  );
}
