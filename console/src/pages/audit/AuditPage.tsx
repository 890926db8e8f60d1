import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { callsQuery } from '../../api/call-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useEntered } from '../use-entered.ts';
import { type AuditSearch, filterOf } from './audit-search.ts';
import { CallTable } from './CallTable.tsx';
import '../../styles/administer.css';

const RESULTS = { '': 'any result', denied: 'denied', failed: 'failed otherwise', allowed: 'allowed' };
const PERIODS = {
  '': 'any time',
  '1h': 'the last hour',
  '1d': 'the last day',
  '7d': 'the last week',
  '30d': 'the last 30 days',
};

/** The record of calls: who called what, from where, and the result. All filters are in the URL. */
export function AuditPage() {
  const search = useSearch({ strict: false }) as AuditSearch;
  const { data, error } = useQuery(callsQuery(filterOf(search, Date.now())));
  const navigate = useNavigate();
  const filter = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = [...new FormData(event.currentTarget)].filter(([, value]) => String(value).trim() !== '');
    void navigate({
      to: '/audit',
      search: Object.fromEntries(given.map(([name, value]) => [name, String(value).trim()])),
    });
  };
  const { cursor, ...rest } = search;
  const { caller, action, result, period, request } = search;
  const { field } = useEntered({ caller, action, result, period, request });
  return (
    <main>
      <PageTitle parts={['Audit']} />
      <div className="page-head">
        <h1>Audit</h1>
        <span className="quiet">who called what, newest first; reads are counted by the minute</span>
      </div>
      <form className="panel panel-fields audit-filters" aria-label="Filters" onSubmit={filter}>
        <label>
          Caller
          <input {...field('caller')} placeholder="user/ana, root, user/*" spellCheck={false} />
        </label>
        <label>
          Action
          <input {...field('action')} placeholder="cr:Delete*" spellCheck={false} />
        </label>
        <label>
          Result
          <Choice {...field('result')} options={Object.entries({ ...RESULTS, ...ownResult(search.result) })} />
        </label>
        <label>
          Time
          <Choice {...field('period')} options={Object.entries(PERIODS)} />
        </label>
        <label>
          Request id
          <input {...field('request')} placeholder="from an error message" spellCheck={false} />
        </label>
        <span className="filter-buttons">
          <button type="submit" className="primary">
            Filter
          </button>
          {Object.keys(rest).length > 0 && <Link to="/audit">Clear</Link>}
        </span>
      </form>
      {error && <Failure error={error} />}
      {data === undefined && !error && <Skeleton of="calls" lines={8} />}
      {data?.Calls.length === 0 && (
        <Empty>
          {data.Cursor === undefined
            ? 'No calls match these filters.'
            : 'None of the calls looked at so far match. Older ones may.'}
        </Empty>
      )}
      {data && data.Calls.length > 0 && <CallTable key={`of ${JSON.stringify(search)}`} calls={data.Calls} />}
      <nav aria-label="More calls" className="further">
        {cursor && (
          <Link to="/audit" search={rest}>
            Newest
          </Link>
        )}
        {data?.Cursor && (
          <Link to="/audit" search={{ ...search, cursor: data.Cursor }}>
            Older
          </Link>
        )}
      </nav>
    </main>
  );
}

/** A result in the URL that is an error code has its own entry. */
function ownResult(result: string | undefined): Record<string, string> {
  return result === undefined || result in RESULTS ? {} : { [result]: result };
}
