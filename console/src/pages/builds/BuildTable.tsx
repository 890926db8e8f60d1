import { callerOf, TRIGGERS } from '@slipway/client/trigger-words.ts';
import { Link } from '@tanstack/react-router';
import { type Build, isFinal } from '../../api/build.ts';
import { Foreign } from '../../log/Foreign.tsx';
import { plainText } from '../../log/line-text.ts';
import { Ago } from '../../ui/Ago.tsx';
import { useNow } from '../../ui/clock.ts';
import { formatDuration } from '../../ui/durations.ts';
import { Status } from '../../ui/Status.tsx';

const TICK_MS = 1000;

/** Builds as rows: status, image, branch, commit, what started each, how long it waited and ran, and when it was requested. */
export function BuildTable({ builds, label }: { builds: readonly Build[]; label: string }) {
  const now = useNow(builds.every(({ Status: status }) => isFinal(status)) ? undefined : TICK_MS);
  return (
    <table className="builds" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Image</th>
          <th scope="col" className="of-source">
            Branch
          </th>
          <th scope="col" className="of-commit">
            Commit
          </th>
          <th scope="col" className="of-trigger">
            Started by
          </th>
          <th scope="col" className="of-time">
            Queued
          </th>
          <th scope="col" className="of-run">
            Duration
          </th>
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
  const { CreateTime: createMs, StartTime: startMs, EndTime: endMs, Failure: failure } = build;
  const branch = build.Branch ?? (build.Source.Ref === 'HEAD' ? 'default branch' : undefined);
  return (
    <tr className={isFinal(build.Status) ? undefined : 'running'}>
      <td>
        <Status status={build.Status} />
      </td>
      <td className="image">
        <Link to="/builds/$id" params={{ id: build.BuildRecordId }}>
          {build.Repository}
          <wbr />
          <span className="tag">:{build.ImageTag}</span>
        </Link>
        {failure && build.Status === 'FAILED' && <span className="reason">{plainText(failure.Message)}</span>}
      </td>
      <td className="of-source">{branch !== undefined && <Foreign text={branch} />}</td>
      <td className="of-commit">
        <CommitCell build={build} />
      </td>
      <td className="of-trigger">
        {build.Trigger && TRIGGERS[build.Trigger]}
        <span className="second">{callerOf(build)}</span>
      </td>
      <td className="of-time number-cell">{formatDuration((startMs ?? endMs ?? now) - createMs)}</td>
      <td className="of-run number-cell">{startMs === undefined ? '' : formatDuration((endMs ?? now) - startMs)}</td>
      <td>
        <Ago at={createMs} />
      </td>
    </tr>
  );
}

/** What a commit says was written by anyone who may push, so no character of it may disguise another. */
function CommitCell({ build }: { build: Build }) {
  const { CommitId: id, CommitMessage: message, CommitAuthor: author } = build;
  if (id === undefined) return build.Source.Kind === 'archive' ? <span className="quiet">a folder</span> : null;
  return (
    <>
      {message && <Foreign text={message} />}
      <span className="second">
        <code>{id.slice(0, 8)}</code> {author && <Foreign text={author} />}
      </span>
    </>
  );
}
