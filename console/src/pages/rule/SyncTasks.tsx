import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isCopying, type SyncTask, syncTasksQuery } from '../../api/sync-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { Ago } from '../../ui/Ago.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { MoreButtons } from '../../ui/MoreButtons.tsx';
import { SureButton } from '../../ui/SureButton.tsx';

const STATES: Readonly<Record<string, { words: string; look: string }>> = {
  PENDING: { words: 'waits', look: 'quiet' },
  SYNCHRONIZING: { words: 'is being copied…', look: '' },
  SUCCESS: { words: 'copied', look: 'good' },
  ERROR: { words: 'failed', look: 'bad' },
  CANCELED: { words: 'canceled', look: 'quiet' },
};

/** Why a copy failed, by the vendor's codes. */
const ISSUES: Readonly<Record<string, string>> = {
  TAG_CONFLICT: 'the tag exists there with another image',
  UNSUPPORTED_FORMAT: 'the other registry does not take this kind of image',
  NETWORK_ERROR: 'the other registry did not answer',
  DATA_LENGTH_EXCEEDED: 'the image is too large',
  INTERNAL_ERROR: 'see the log of the server',
};

/** The copies of a repository, or of all, newest first. */
export function SyncTasks({ of = {} }: { of?: { namespace?: string; name?: string } }) {
  const [page, setPage] = useState(1);
  const { data, error } = useQuery(syncTasksQuery(of, page));
  return (
    <section aria-labelledby="sync-tasks">
      <h2 id="sync-tasks">Copies</h2>
      {error && <Failure error={error} />}
      {data?.tasks.length === 0 && (
        <Empty>Nothing was copied yet. The Tags tab of a repository can copy one image.</Empty>
      )}
      <ul className="rows">
        {data?.tasks.map((task) => (
          <Task key={task.SyncTaskId} task={task} />
        ))}
      </ul>
      <MoreButtons
        of="copies"
        back={page > 1 && (() => setPage(page - 1))}
        next={data?.hasMore === true && (() => setPage(page + 1))}
      />
    </section>
  );
}

function Task({ task }: { task: SyncTask }) {
  const { instanceId: InstanceId } = currentSession();
  const { SyncTaskId = '', TaskStatus = '', TaskIssue, ImageFrom, ImageTo } = task;
  const [mayCancel] = useMay([{ action: 'cr:CancelRepoSyncTask', resource: `repository/${InstanceId}` }]);
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => currentClient().call('CancelRepoSyncTask', { InstanceId, SyncTaskId }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sync tasks'] }),
  });
  const { words, look } = STATES[TaskStatus] ?? { words: TaskStatus, look: '' };
  const why = TaskIssue === undefined ? '' : `: ${ISSUES[TaskIssue] ?? TaskIssue}`;
  const from = placeOf(ImageFrom);
  return (
    <li>
      <div className="row-line">
        <span>
          <code>{from}</code> → <code>{placeOf(ImageTo)}</code>
        </span>
        <span className={look}>
          {words}
          {why}
        </span>
        <span className="gap" />
        <span className="quiet">
          {task.SyncRuleId ? 'by a rule, ' : 'by hand, '}
          <Ago at={Number(task.CreateTime)} />
        </span>
        {mayCancel && isCopying(task) && (
          <SureButton name="Cancel" of={`copy of ${from}`} act={() => cancel.mutate()} busy={cancel.isPending} />
        )}
      </div>
      {cancel.error && <Failure error={cancel.error} />}
    </li>
  );
}

function placeOf(image: SyncTask['ImageFrom']): string {
  const { InstanceId, RepoNamespaceName, RepoName, ImageTag } = image ?? {};
  const place = `${RepoNamespaceName}/${RepoName}:${ImageTag}`;
  return InstanceId === currentSession().instanceId ? place : `${place} of ${InstanceId}`;
}
