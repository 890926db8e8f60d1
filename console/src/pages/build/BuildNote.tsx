import { callerName } from '@slipway/client/caller-name.ts';
import { counted } from '@slipway/client/counted.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { BuildDetail } from '../../api/build.ts';
import { Ago } from '../../ui/Ago.tsx';
import { formatDuration } from '../../ui/durations.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';

/** One sentence on what its status does not tell: why a build waits, who cancelled it, or which newer build has its tag. */
export function BuildNote({ build }: { build: BuildDetail }) {
  const { Status: status, Cancellation: cancellation, SupersededBy: newer } = build;
  if (status === 'CANCELED' || cancellation !== undefined) return <CancelledNote build={build} />;
  if (status === 'PENDING') return <WaitingNote build={build} />;
  if (status !== 'SUCCESS' || newer === undefined) return null;
  return (
    <Note icon="info">
      The tag belongs to <BuildLink id={newer}>a newer build of the same tag</BuildLink>.
    </Note>
  );
}

function Note({ icon, children }: { icon: IconName; children: ReactNode }) {
  return (
    <p className="build-note" role="note">
      <Icon name={icon} />
      <span>{children}</span>
    </p>
  );
}

function WaitingNote({ build }: { build: BuildDetail }) {
  const { QueuePosition: position, WaitReason: reason, ExpectedDuration: expectedMs } = build;
  return (
    <Note icon="clock">
      {position === undefined || position === 1 ? 'Next in the queue' : aheadText(position - 1)}
      {reason === undefined ? ': it starts in a moment. ' : <>. It waits because {reason}. </>}
      {reason !== undefined && (
        <Link to="/builds" search={{ status: 'BUILDING' }}>
          See what runs
        </Link>
      )}
      {expectedMs !== undefined && (
        <span className="quiet"> The last good builds took about {formatDuration(expectedMs)}.</span>
      )}
    </Note>
  );
}

/** Builds ahead of it may end in any order, so their count is a bound. */
function aheadText(most: number): string {
  return `At most ${counted(most, 'build')} ${most === 1 ? 'is' : 'are'} ahead of it`;
}

function CancelledNote({ build }: { build: BuildDetail }) {
  const { Status: status, Cancellation: cancellation, SupersededBy: newer, EndTime: endMs } = build;
  const timeMs = cancellation?.Time ?? endMs;
  const who = cancellation?.Arn === undefined ? undefined : callerName(cancellation.Arn);
  return (
    <Note icon="stop">
      {status === 'CANCELED' ? 'Cancelled' : 'Being cancelled'}
      {newer !== undefined && (
        <>
          {' for '}
          <BuildLink id={newer}>a newer build of the same rule</BuildLink>
        </>
      )}
      {newer === undefined && who !== undefined && (
        <>
          {' by '}
          <strong title={cancellation?.Arn}>{who}</strong>
        </>
      )}
      {cancellation?.Cause === 'repository-deleted' && ', with the repository'}
      {timeMs !== undefined && (
        <>
          {' '}
          <Ago at={timeMs} />
        </>
      )}
      .
    </Note>
  );
}

function BuildLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link to="/builds/$id" params={{ id }}>
      {children}
    </Link>
  );
}
