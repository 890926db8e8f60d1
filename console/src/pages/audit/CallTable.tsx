import { callerPath } from '@slipway/client/caller-name.ts';
import { counted } from '@slipway/client/counted.ts';
import type { Call } from '@slipway/client/native.gen.ts';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { Ago } from '../../ui/Ago.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatExactly } from '../../ui/durations.ts';
import { Fact } from '../../ui/Fact.tsx';

/** Calls as rows; a row opens its details. */
export function CallTable({ calls }: { calls: readonly Call[] }) {
  const [open, setOpen] = useState<number>();
  return (
    <table className="grid calls" aria-label="Calls">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Caller</th>
          <th scope="col">Action</th>
          <th scope="col">Result</th>
          <th scope="col" className="wide">
            Resource
          </th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a call of counted reads has no id of its own.
          <Fragment key={index}>
            <CallRow call={call} isOpen={open === index} turn={() => setOpen(open === index ? undefined : index)} />
            {open === index && (
              <tr className="call-details">
                <td colSpan={5}>
                  <CallDetails call={call} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function CallRow({ call, isOpen, turn }: { call: Call; isOpen: boolean; turn(): void }) {
  const { Time, Caller, Action, Resource, Count } = call;
  return (
    <tr className={isOpen ? 'open' : undefined}>
      <td>
        <button type="button" className="link" aria-expanded={isOpen} onClick={turn} title={formatExactly(Time)}>
          <span aria-hidden="true" className="turn">
            {isOpen ? '▾' : '▸'}
          </span>{' '}
          <Ago at={Time} />
        </button>
      </td>
      <td>{shortCaller(Caller)}</td>
      <td>
        <code>{Action ?? '–'}</code> {Count > 1 && <span className="quiet">{counted(Count, 'time')}</span>}
      </td>
      <td>
        <Result call={call} />
      </td>
      <td className="wide quiet">{shortResource(Resource)}</td>
    </tr>
  );
}

function Result({ call: { Denied, Code } }: { call: Call }) {
  if (Denied) return <span className="bad">✕ denied</span>;
  if (Code === 'success' || Code === 'allowed') return <span className="good">✓ {Code}</span>;
  return <span className="warn">! {Code}</span>;
}

function CallDetails({ call }: { call: Call }) {
  const { Time, RequestId, Caller, AccessKeyId, Action, Resource, SourceIp, Denied, Code, Count } = call;
  const caller = shortCaller(Caller);
  return (
    <>
      {Denied && Action !== undefined && (
        <p>
          {caller} lacks <code>{Action}</code>
          {Resource !== undefined && (
            <>
              {' '}
              on <code>{Resource}</code>
            </>
          )}
          .{' '}
          {/^user\//.test(caller) && (
            <Link
              to="/access/simulator"
              search={{ caller, action: Action, ...(Resource ? { resource: Resource } : {}) }}
            >
              Explain the decision
            </Link>
          )}
        </p>
      )}
      <dl className="facts">
        <Fact name="Time">{formatExactly(Time)}</Fact>
        <Fact name="Request id">
          {RequestId === undefined ? (
            <span className="quiet">none</span>
          ) : (
            <>
              <code>{RequestId}</code> <CopyButton text={RequestId} what="the request id" />
            </>
          )}
        </Fact>
        <Fact name="Caller">{Caller === undefined ? 'not signed' : <code>{Caller}</code>}</Fact>
        <Fact name="Key">
          {AccessKeyId === undefined ? <span className="quiet">none</span> : <code>{AccessKeyId}</code>}
        </Fact>
        <Fact name="From">{SourceIp ?? <span className="quiet">unknown</span>}</Fact>
        <Fact name="Resource">{Resource === undefined ? '–' : <code>{Resource}</code>}</Fact>
        <Fact name="Code">
          <code>{Code}</code>
        </Fact>
        {Count > 1 && <Fact name="Calls in this minute">{Count}</Fact>}
      </dl>
      <p className="filters">
        {Caller !== undefined && (
          <Link to="/audit" search={{ caller }}>
            Calls of {caller}
          </Link>
        )}
        {Action !== undefined && (
          <Link to="/audit" search={{ action: Action }}>
            Calls of {Action}
          </Link>
        )}
      </p>
    </>
  );
}

function shortCaller(arn: string | undefined): string {
  return arn === undefined ? 'not signed' : callerPath(arn);
}

/** What is after the account; the service and the region are the same everywhere. Nothing if it is of no resource. */
function shortResource(resource: string | undefined): string {
  return resource === undefined || resource === '*' ? '' : resource.replace(/^acs:[a-z]+:[^:]*:\d+:/, '');
}
