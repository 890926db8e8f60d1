import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import {
  type SubscriptionTask,
  subscriptionResultsQuery,
  subscriptionTasksQuery,
} from '../../api/subscription-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Ago } from '../../ui/Ago.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { MoreButtons } from '../../ui/MoreButtons.tsx';

const RESULTS: Readonly<Record<string, { words: string; look: string }>> = {
  SUCCESS: { words: 'mirrored', look: 'good' },
  PART_SUCCESS: { words: 'partly mirrored', look: 'bad' },
  FAILED: { words: 'failed', look: 'bad' },
};

/** The runs of subscriptions, newest first. */
export function SubscriptionTasks() {
  const [page, setPage] = useState(1);
  const { data, error } = useQuery(subscriptionTasksQuery(page));
  return (
    <section aria-labelledby="subscription-runs">
      <h2 id="subscription-runs">Runs</h2>
      {error && <Failure error={error} />}
      {data?.tasks.length === 0 && (
        <Empty>
          No subscription has run yet. The server runs each one automatically, and when you choose “Run now”.
        </Empty>
      )}
      <ul className="rows">
        {data?.tasks.map((task) => (
          <Run key={task.TaskId} task={task} />
        ))}
      </ul>
      <MoreButtons
        of="runs"
        back={page > 1 && (() => setPage(page - 1))}
        next={data?.hasMore === true && (() => setPage(page + 1))}
      />
    </section>
  );
}

function Run({ task }: { task: SubscriptionTask }) {
  const [isOpen, setIsOpen] = useState(false);
  const { words, look } = RESULTS[task.TaskResult ?? ''] ?? { words: 'is being mirrored…', look: '' };
  const from = [task.SourceNamespaceName, task.SourceRepoName].filter(Boolean).join('/');
  return (
    <li>
      <div className="row-line">
        <span>
          <code>{from}</code> → <code>{`${task.NamespaceName}/${task.RepoName}`}</code>
        </span>
        <span className={look}>{words}</span>
        <span className="quiet">{task.Message}</span>
        <span className="gap" />
        <span className="quiet">
          {task.TaskType === 'MANUAL' ? 'by hand, ' : 'scheduled, '}
          <Ago at={Number(task.StartTime)} />
        </span>
      </div>
      {Number(task.TagSubscriptionCount) > 0 && (
        <details className="row-more" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
          <summary>Tags</summary>
          {isOpen && <Results taskId={task.TaskId ?? ''} />}
        </details>
      )}
    </li>
  );
}

function Results({ taskId }: { taskId: string }) {
  const { data, error } = useQuery(subscriptionResultsQuery(taskId));
  if (error) return <Failure error={error} />;
  return (
    <ul className="rows">
      {data?.map(({ Tag, Result }) => (
        <li key={Tag} className="row-line">
          <strong>{Tag}</strong>
          <span className={Result === 'SUCCESS' ? 'quiet' : 'bad'}>
            {Result === 'SUCCESS' ? 'mirrored' : (Result ?? 'is being copied…')}
          </span>
        </li>
      ))}
    </ul>
  );
}
