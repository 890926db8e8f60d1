import { Link } from '@tanstack/react-router';
import { type Build, isFinal } from '../../api/build.ts';
import { useNow } from '../../ui/clock.ts';
import { formatAge, formatDuration } from '../../ui/durations.ts';
import { Status } from '../../ui/Status.tsx';

const TICK_MS = 1000;

/** Builds as rows: status, image, commit, duration, and when each was requested. */
export function BuildTable({ builds, label }: { builds: readonly Build[]; label: string }) {
  const now = useNow(TICK_MS);
  return (
    <table className="builds" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Image</th>
          <th scope="col">Commit</th>
          <th scope="col">Duration</th>
          <th scope="col">Requested</th>
        </tr>
      </thead>
      <tbody>
        {builds.map((build) => (
          <BuildRow key={build.BuildRecordId} build={build} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function BuildRow({ build, now }: { build: Build; now: number }) {
  const { StartTime: startMs, EndTime: endMs } = build;
  const duration = startMs === undefined ? '' : formatDuration((endMs ?? now) - startMs);
  return (
    <tr className={isFinal(build.Status) ? undefined : 'running'}>
      <td>
        <Status status={build.Status} />
      </td>
      <td className="image">
        <Link to="/builds/$id" params={{ id: build.BuildRecordId }}>
          {build.Repository}
          <span className="tag">:{build.ImageTag}</span>
        </Link>
        {build.Failure && <span className="reason">{build.Failure.Message}</span>}
      </td>
      <td className="commit">{build.CommitId?.slice(0, 10)}</td>
      <td className="number-cell">{duration}</td>
      <td>
        <time dateTime={new Date(build.CreateTime).toISOString()} title={new Date(build.CreateTime).toLocaleString()}>
          {formatAge(now - build.CreateTime)}
        </time>
      </td>
    </tr>
  );
}
