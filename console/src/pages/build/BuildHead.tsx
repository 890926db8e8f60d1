import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type BuildDetail, isFinal } from '../../api/build.ts';
import { currentClient } from '../../session/session.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { useNow } from '../../ui/clock.ts';
import { formatAge, formatBytes, formatDuration } from '../../ui/durations.ts';
import { Status } from '../../ui/Status.tsx';
import { Failure } from '../Failure.tsx';

const TICK_MS = 1000;

/** What a build is and how it stands, and what can be done with it. */
export function BuildHead({ build }: { build: BuildDetail }) {
  const over = isFinal(build.Status);
  const now = useNow(over ? undefined : TICK_MS);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { InstanceId, RepoId, BuildRecordId } = build;
  const key = { InstanceId, RepoId, BuildRecordId };
  const cancel = useMutation({
    mutationFn: () => currentClient().call('CancelRepoBuildRecord', key),
    onSettled: () => queries.invalidateQueries({ queryKey: ['build', BuildRecordId] }),
  });
  const rebuild = useMutation({
    mutationFn: () => currentClient().call('CreateBuildRecordByRecord', key),
    onSuccess: ({ BuildRecordId: id = '' }) => navigate({ to: '/builds/$id', params: { id } }),
  });
  const failure = cancel.error ?? rebuild.error;
  const { StartTime: startMs, EndTime: endMs } = build;
  const image = `${location.host}/${build.Repository}:${build.ImageTag}`;
  return (
    <header className="build-head">
      <div className="page-head">
        <h1>
          <Link to="/" search={{ repository: build.Repository }}>
            {build.Repository}
          </Link>
          <span className="tag">:{build.ImageTag}</span>
        </h1>
        <Status status={build.Status} />
        <span className="gap" />
        {over ? (
          <button type="button" onClick={() => rebuild.mutate()} disabled={rebuild.isPending}>
            {rebuild.isPending ? 'Queuing…' : 'Rebuild'}
          </button>
        ) : (
          <button
            type="button"
            className="danger"
            onClick={() => cancel.mutate()}
            disabled={cancel.isPending || cancel.isSuccess}
          >
            {cancel.isSuccess ? 'Cancelling…' : 'Cancel build'}
          </button>
        )}
      </div>
      {failure && <Failure error={failure} />}
      <dl className="facts">
        <Fact name="Requested">
          <time dateTime={new Date(build.CreateTime).toISOString()} title={new Date(build.CreateTime).toLocaleString()}>
            {formatAge(Math.max(now, Date.now()) - build.CreateTime)}
          </time>
        </Fact>
        {startMs !== undefined && <Fact name="Duration">{formatDuration((endMs ?? now) - startMs)}</Fact>}
        {build.CommitId && (
          <Fact name="Commit">
            <code>{build.CommitId.slice(0, 12)}</code> <CopyButton text={build.CommitId} what="commit" />
          </Fact>
        )}
        {build.Status === 'SUCCESS' && (
          <Fact name="Image">
            <code>{image}</code> <CopyButton text={image} what="image" />
          </Fact>
        )}
        {build.ImageDigest && (
          <Fact name="Digest">
            <code title={build.ImageDigest}>{build.ImageDigest.slice(0, 19)}…</code>{' '}
            <CopyButton text={build.ImageDigest} what="digest" />
          </Fact>
        )}
        {build.Seal && <SealFact seal={build.Seal} />}
        <Fact name="Build">
          <code>{BuildRecordId.slice(0, 8)}</code> <CopyButton text={BuildRecordId} what="build id" />
        </Fact>
      </dl>
    </header>
  );
}

function SealFact({ seal }: { seal: NonNullable<BuildDetail['Seal']> }) {
  const masked = seal.maskedValues > 0 ? `, ${seal.maskedValues} secrets masked` : '';
  return (
    <Fact name="Log">
      <span className={seal.verdict === 'complete' ? 'good' : 'bad'}>{seal.verdict}</span>,{' '}
      {formatBytes(seal.sizeBytes)}
      {masked}, <code title={seal.sha256}>sha256 {seal.sha256.slice(0, 8)}…</code>{' '}
      <CopyButton text={seal.sha256} what="seal" />
    </Fact>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
