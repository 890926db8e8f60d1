import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { type AllowedCaller, allowedCallersQuery } from '../../api/policy-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useRight } from '../../session/may.ts';
import { Denied } from '../../ui/Denied.tsx';
import { MoreButtons } from '../../ui/MoreButtons.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { useEntered } from '../use-entered.ts';
import { CallFields } from './CallFields.tsx';
import { DecidingPolicy } from './DecidingPolicy.tsx';
import { HolderLink } from './HolderLink.tsx';

/** Everyone who may make a call, and by which policy. The call is in the URL. */
export function WhoCan() {
  const { action = '', resource = '*' } = useSearch({ strict: false }) as { action?: string; resource?: string };
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    allowedCallersQuery(action, resource),
  );
  const callers = data?.pages.flatMap((page) => page.callers);
  const may = useRight('ram:SimulatePolicy', '*');
  const navigate = useNavigate();
  const { field } = useEntered({ action, resource: resource === '*' ? '' : resource });
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const [asked, on] = [String(data.get('action')).trim(), String(data.get('resource')).trim()];
    void navigate({ to: '/access/who', search: { action: asked, resource: on === '' ? '*' : on } });
  };
  return (
    <section aria-label="Who can do what">
      <PageTitle parts={['Who can do what', 'Access']} />
      <p className="about quiet">
        Pick an action and a resource: the list shows everyone whom a policy allows the call, or denies it.
      </p>
      <form className="panel panel-fields" aria-label="Call" onSubmit={ask}>
        <CallFields field={field} />
        <button type="submit" className="primary">
          Show who may
        </button>
      </form>
      {may === false && action === '' && <Denied action="ram:SimulatePolicy" />}
      {error && <Failure error={error} />}
      {callers && <Callers callers={callers} action={action} resource={resource} />}
      <MoreButtons
        of="callers"
        back={false}
        next={hasNextPage && !isFetchingNextPage && (() => void fetchNextPage())}
      />
    </section>
  );
}

interface CallersProps {
  callers: readonly AllowedCaller[];
  action: string;
  resource: string;
}

function Callers({ callers, action, resource }: CallersProps) {
  return (
    <table className="grid" aria-label={`Who may ${action}`}>
      <thead>
        <tr>
          <th scope="col">Caller</th>
          <th scope="col">Result</th>
          <th scope="col" className="wide">
            By
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>
            <strong>the owner</strong> of the account
          </td>
          <td className="good">✓ allowed</td>
          <td className="wide quiet">no policy limits the owner</td>
        </tr>
        {callers.map(({ UserName, RoleName = '', Allowed, Policy, Statement }) => {
          const holder = { kind: UserName === undefined ? 'role' : 'user', name: UserName ?? RoleName } as const;
          return (
            <tr key={`${holder.kind}/${holder.name}`}>
              <td>
                <HolderLink holder={holder} />
              </td>
              <td>
                <Link
                  to="/access/simulator"
                  search={{ caller: `${holder.kind}/${holder.name}`, action, resource }}
                  className={Allowed ? 'good' : 'bad'}
                  aria-label={`${Allowed ? 'allowed' : 'denied'}: explain for ${holder.name}`}
                >
                  {Allowed ? '✓ allowed' : '✕ denied'}
                </Link>
              </td>
              <td className="wide">
                <DecidingPolicy policy={Policy} statement={Statement} />
              </td>
            </tr>
          );
        })}
      </tbody>
      {callers.length === 0 && <caption>No policy allows anyone else to call {action} on this resource.</caption>}
    </table>
  );
}
