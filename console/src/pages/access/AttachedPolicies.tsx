import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  attach,
  attachedQuery,
  detach,
  type Holder,
  type PolicyType,
  policiesQuery,
} from '../../api/access-queries.ts';
import { useMayRam } from '../../session/may-ram.ts';
import { Collection } from '../Collection.tsx';

interface AttachedPolicy {
  PolicyType?: string | undefined;
  PolicyName?: string | undefined;
  Description?: string | undefined;
}

const KINDS = { user: 'User', group: 'Group', role: 'Role' } as const;

/** The policies that are attached to a user, group or role; more can be attached here. */
export function AttachedPolicies({ holder }: { holder: Holder }) {
  const { data: attached, error } = useQuery(attachedQuery(holder));
  const { data: all = [] } = useQuery(policiesQuery());
  const to = KINDS[holder.kind];
  const [mayAttach, mayDetach] = useMayRam(
    `${holder.kind}/${holder.name}`,
    `AttachPolicyTo${to}`,
    `DetachPolicyFrom${to}`,
  );
  const queries = useQueryClient();
  const has = new Set(attached?.map(policyKey));
  const others = all.filter((policy) => !has.has(policyKey(policy)));
  return (
    <Collection<AttachedPolicy>
      id="policies"
      title="Policies"
      noun="policy"
      plural="policies"
      create={
        mayAttach &&
        others.length > 0 && {
          action: `AttachPolicyTo${to}`,
          verb: 'Attach',
          fields: [
            {
              name: 'Policy',
              label: 'Policy',
              kind: 'choice',
              required: true,
              choices: Object.fromEntries(
                others.map((policy) => [policyKey(policy), `${policy.PolicyName} (${typeWord(policy.PolicyType)})`]),
              ),
            },
          ],
          send: ({ Policy }) => attach(holder, ...fromKey(String(Policy))),
        }
      }
      entries={attached}
      error={error}
      none={`No policies, so this ${holder.kind} may do nothing${holder.kind === 'user' ? ' beyond what the groups allow' : ''}.`}
      keyOf={policyKey}
      nameOf={({ PolicyName = '' }) => PolicyName}
      line={({ PolicyName = '', PolicyType, Description }) => (
        <>
          <PolicyLink type={PolicyType} name={PolicyName} />
          <span className="quiet">{typeWord(PolicyType)}</span>
          <span className="quiet">{Description}</span>
        </>
      )}
      remove={mayDetach && ((policy) => detach(holder, ...fromKey(policyKey(policy))))}
      removeVerb="Detach"
      changed={() => void queries.invalidateQueries({ queryKey: ['access'] })}
    />
  );
}

/** A link to a policy. */
export function PolicyLink({ type, name }: { type: string | undefined; name: string }) {
  return (
    <Link to="/access/policies/$type/$name" params={{ type: type ?? 'Custom', name }}>
      <strong>{name}</strong>
    </Link>
  );
}

/** What a type of policies is called. */
export function typeWord(type: string | undefined): string {
  return type === 'System' ? 'built in' : 'own';
}

function policyKey({ PolicyType = 'Custom', PolicyName = '' }: AttachedPolicy): string {
  return `${PolicyType} ${PolicyName}`;
}

function fromKey(key: string): [PolicyType, string] {
  const [type = '', name = ''] = key.split(' ');
  return [type === 'System' ? 'System' : 'Custom', name];
}
