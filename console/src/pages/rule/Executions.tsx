import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Execution, executionsQuery } from '../../api/chain-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Ago } from '../../ui/Ago.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { MoreButtons } from '../../ui/MoreButtons.tsx';

/** The steps of a chain. Each is `done`, `now`, `stopped` or `open`. */
const STEPS = { VULNERABILITY_SCANNING: 'Scan', ACTIVATE_REPLICATION: 'Replication', TRIGGER: 'Triggers' } as const;
type StepState = 'done' | 'now' | 'stopped' | 'open';
const SIGNS: Readonly<Record<StepState, string>> = { done: '✓', now: '◐', stopped: '✕', open: '○' };
const SAID: Readonly<Record<StepState, string>> = {
  done: 'done',
  now: 'in progress',
  stopped: 'stopped here',
  open: 'did not happen',
};

const RESULTS = {
  SUCCESS: { words: 'passed', look: 'good' },
  DENIED: { words: 'denied', look: 'bad' },
  FAILED: { words: 'failed', look: 'bad' },
  CANCELED: { words: 'canceled', look: 'quiet' },
} as const;

/** The images that went through delivery chains, of a repository, a chain or all. */
export function Executions({ of }: { of: { namespace?: string; name?: string; chainId?: string } }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const { data, error } = useQuery(executionsQuery(of, cursors.at(-1)));
  const next = data?.Cursor;
  return (
    <section aria-labelledby="executions">
      <h2 id="executions">Last images</h2>
      {error && <Failure error={error} />}
      {data?.ChainInstances.length === 0 && <Empty>No image has gone through a delivery chain yet.</Empty>}
      <ul className="rows">
        {data?.ChainInstances.map((each) => (
          <ExecutionRow key={each.ChainInstanceId} execution={each} />
        ))}
      </ul>
      <MoreButtons
        of="images"
        back={cursors.length > 0 && (() => setCursors(cursors.slice(0, -1)))}
        next={next !== undefined && (() => setCursors([...cursors, next]))}
      />
    </section>
  );
}

function ExecutionRow({ execution }: { execution: Execution }) {
  const { Repository, Tag, Digest, ChainName, Result, Reason, StartTime } = execution;
  const { words, look } = Result === undefined ? { words: 'in progress', look: '' } : RESULTS[Result];
  const [namespace = '', name = ''] = Repository.split('/');
  return (
    <li>
      <div className="row-line">
        <Link to="/repositories/$namespace/$name/tags" params={{ namespace, name }}>
          {Repository}:{Tag}
        </Link>
        <code className="quiet" title={Digest}>
          {Digest.slice(0, 19)}…
        </code>
        <span className={look}>{words}</span>
        <span className="gap" />
        <span className="quiet">
          {ChainName}, <Ago at={StartTime} />
        </span>
      </div>
      <ol className="chain-steps" aria-label={`Steps of ${Repository}:${Tag}`}>
        <Step name="Pushed" state="done" />
        {execution.Nodes.map((node) => (
          <Step key={node} name={STEPS[node]} state={stateOf(execution, node)} />
        ))}
      </ol>
      {Reason !== undefined && <p className={`row-more ${look}`}>{Reason}</p>}
    </li>
  );
}

function Step({ name, state }: { name: string; state: StepState }) {
  return (
    <li className={`step-${state}`}>
      <span aria-hidden="true">{SIGNS[state]}</span> {name} <span className="unseen">({SAID[state]})</span>
    </li>
  );
}

/** The state of a step. An image that did not pass was stopped where it waited last: by its scan, if it never waited. */
function stateOf({ Result, Nodes, Node = 'VULNERABILITY_SCANNING' }: Execution, step: keyof typeof STEPS): StepState {
  if (Result === 'SUCCESS') return 'done';
  const past = Nodes.indexOf(step) - Nodes.indexOf(Node);
  if (past !== 0) return past < 0 ? 'done' : 'open';
  return Result === undefined ? 'now' : Result === 'CANCELED' ? 'open' : 'stopped';
}
