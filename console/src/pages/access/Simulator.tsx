import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { rolesQuery, usersQuery } from '../../api/access-queries.ts';
import { type PolicyQuestion, simulationQuery } from '../../api/policy-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useRight } from '../../session/may.ts';
import { Denied } from '../../ui/Denied.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { type FieldProps, useEntered } from '../use-entered.ts';
import { CallFields } from './CallFields.tsx';
import { DecidingPolicy } from './DecidingPolicy.tsx';

/** What is simulated; kept in the URL. */
export interface SimulatorSearch {
  /** `user/NAME` or `role/NAME`. */
  caller?: string;
  action?: string;
  resource?: string;
  from?: string;
  at?: string;
  tls?: string;
}

/** How a call of a user or a role would be decided, and by which statement, without making it. */
export function Simulator() {
  const search = useSearch({ strict: false }) as SimulatorSearch;
  const may = useRight('ram:SimulatePolicy', '*');
  const navigate = useNavigate();
  const { caller, action, resource, from, tls } = search;
  const at = localMinute(search.at);
  const { entered, set, field } = useEntered({ caller, action, resource, at, tls });
  const [address, setAddress] = useState(from ?? '');
  useEffect(() => setAddress(from ?? ''), [from]);
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = [...new FormData(event.currentTarget)].flatMap(([name, value]) => {
      const text = String(value).trim();
      return text === '' ? [] : [[name, name === 'at' ? utcSecond(text) : text]];
    });
    void navigate({ to: '/access/simulator', search: Object.fromEntries(given) });
  };
  return (
    <section aria-label="Simulator">
      <PageTitle parts={['Simulator', 'Access']} />
      <p className="about quiet">Shows how the server would decide a call, and why, without making it.</p>
      <form className="panel panel-fields" aria-label="Simulated call" onSubmit={ask}>
        <CallerField field={field('caller')} />
        <CallFields field={field} />
        <label>
          From address
          <input
            name="from"
            value={address}
            onChange={({ target }) => setAddress(target.value)}
            placeholder="10.0.0.7"
            autoComplete="off"
          />
        </label>
        <label>
          At (your time)
          <input {...field('at')} type="datetime-local" />
        </label>
        <label className="panel-check">
          <input
            name="tls"
            type="checkbox"
            value="yes"
            checked={entered.tls === 'yes'}
            onChange={({ target }) => set('tls', target.checked ? 'yes' : '')}
          />{' '}
          over TLS
        </label>
        <button type="submit" className="primary">
          Simulate
        </button>
      </form>
      {may === false && search.action === undefined && <Denied action="ram:SimulatePolicy" />}
      <Outcome question={questionOf(search)} />
    </section>
  );
}

function CallerField({ field }: { field: FieldProps }) {
  const { data: users = [] } = useQuery({ ...usersQuery(), retry: false });
  const { data: roles = [] } = useQuery({ ...rolesQuery(), retry: false });
  const names = [
    ...users.map(({ UserName }) => `user/${UserName}`),
    ...roles.map(({ RoleName }) => `role/${RoleName}`),
  ];
  return (
    <label>
      <strong>Caller</strong>
      <input
        {...field}
        list="known-callers"
        placeholder="user/NAME or role/NAME"
        pattern="(user|role)/.+"
        title="user/NAME or role/NAME"
        required
        autoComplete="off"
        spellCheck={false}
      />
      <datalist id="known-callers">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
}

function Outcome({ question }: { question: PolicyQuestion }) {
  const { data, error } = useQuery(simulationQuery(question));
  if (error) return <Failure error={error} />;
  if (data === undefined) return null;
  return (
    <section aria-label="Decision" className="panel" aria-live="polite">
      <p className={data.Allowed ? 'verdict good' : 'verdict bad'}>{data.Allowed ? '✓ Allowed' : '✕ Denied'}</p>
      <p>{reasonWords(data)}</p>
      {data.Considered.length > 0 && (
        <table className="grid" aria-label="Statements that name the action">
          <thead>
            <tr>
              <th scope="col">Effect</th>
              <th scope="col">Outcome</th>
              <th scope="col" className="wide">
                Statement
              </th>
            </tr>
          </thead>
          <tbody>
            {data.Considered.map(({ Policy, Statement, Effect, Outcome: outcome }) => (
              <tr key={`${Policy} ${Statement}`}>
                <td className={Effect === 'Allow' ? 'good' : 'bad'}>{Effect}</td>
                <td className={outcome === 'applies' ? undefined : 'quiet'}>{outcome}</td>
                <td className="wide">
                  <DecidingPolicy policy={Policy} statement={Statement} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function reasonWords({ Reason, Considered }: { Reason: string; Considered: readonly { Outcome: string }[] }): string {
  if (Reason === 'Allow') return 'A statement allows it, and none denies it.';
  if (Reason === 'ExplicitDeny') return 'A statement denies it, and that wins over all that allow it.';
  if (Considered.length === 0) return 'No policy of the caller names this action.';
  return 'Statements name this action, but none of them applies to this call.';
}

function questionOf({ caller = '', action = '', resource = '*', from, at, tls }: SimulatorSearch): PolicyQuestion {
  const [kind, name] = [caller.slice(0, caller.indexOf('/')), caller.slice(caller.indexOf('/') + 1)];
  return {
    Action: action,
    Resource: resource,
    ...(kind === 'user' ? { UserName: name } : {}),
    ...(kind === 'role' ? { RoleName: name } : {}),
    ...(from === undefined ? {} : { SourceIp: from }),
    ...(at === undefined ? {} : { Time: at }),
    SecureTransport: tls === 'yes',
  };
}

/** `2026-03-01T12:00:00Z`, as the API takes it. */
function utcSecond(local: string): string {
  return `${new Date(local).toISOString().slice(0, 19)}Z`;
}

function localMinute(at: string | undefined): string | undefined {
  if (at === undefined || Number.isNaN(Date.parse(at))) return undefined;
  const time = new Date(at);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
