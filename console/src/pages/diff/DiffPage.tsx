import '../../styles/diff.css';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { BuildDetail } from '../../api/build.ts';
import { buildQuery } from '../../api/build-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Foreign } from '../../log/Foreign.tsx';
import { formatDuration } from '../../ui/durations.ts';
import { Empty } from '../../ui/Empty.tsx';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Status } from '../../ui/Status.tsx';
import { DiffLogs } from './DiffLogs.tsx';
import { DiffSteps } from './DiffSteps.tsx';
import { type Diff, diffQuery } from './diff-queries.ts';
import { firstSentence } from './first-sentence.ts';

const route = getRouteApi('/builds/$id/diff');
const SHORT = 12;

/** Where a build differs from another one: commits, base images, steps, and the two logs from where they part. */
export function DiffPage() {
  const { id } = route.useParams();
  const { with: other } = route.useSearch();
  const { data: diff, error } = useQuery(diffQuery(id, other));
  return (
    <main className="diff">
      <PageTitle parts={['Difference', `build ${id.slice(0, 8)}`]} />
      <div className="page-head">
        <h1>Where this build differs</h1>
      </div>
      {error && <NoDiff error={error} />}
      {!error && !diff && <p className="quiet">Comparing the two logs…</p>}
      {diff && <Difference diff={diff} />}
    </main>
  );
}

function NoDiff({ error }: { error: Error }) {
  if (!(error instanceof ApiCallError) || error.code !== 'NO_GOOD_BUILD') return <Failure error={error} />;
  return <Empty>{error.message}</Empty>;
}

function Difference({ diff }: { diff: Diff }) {
  const { First: first, BuildRecordId: id, WithBuildRecordId: otherId } = diff;
  const [buildLine, otherLine] = [first?.Build.LineNumber, first?.With.LineNumber];
  return (
    <>
      <div className="diff-sides">
        <Side title="This build" id={id} otherCommit={diff.WithCommitId} />
        <Side title="Compared with" id={otherId} otherCommit={diff.CommitId} />
      </div>
      <section className="diff-first" aria-label="First difference">
        <h2>First difference</h2>
        <p>{firstSentence(diff)}</p>
      </section>
      {diff.BaseImages.length > 0 && <BaseImages images={diff.BaseImages} />}
      <DiffSteps diff={diff} />
      {first && (
        <section aria-label="Logs">
          <h2>The logs from there</h2>
          <div className="diff-heads" aria-hidden="true">
            <span>+ this build</span>
            <span>− compared with</span>
          </div>
          <DiffLogs
            build={{ id, name: 'this build', from: buildLine ?? otherLine ?? 1 }}
            other={{ id: otherId, name: 'compared with', from: otherLine ?? buildLine ?? 1 }}
          />
        </section>
      )}
    </>
  );
}

/** One of the two builds; its commit is marked if the other's is another. */
function Side({ title, id, otherCommit }: { title: string; id: string; otherCommit: string | undefined }) {
  const { data: build } = useQuery(buildQuery(id));
  const { CommitId: commit, CommitMessage: message } = build ?? {};
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <p>
        {build && <Status status={build.Status} />}{' '}
        <Link to="/builds/$id" params={{ id }}>
          {build ? `${build.Repository}:${build.ImageTag}` : id.slice(0, 8)}
        </Link>{' '}
        <span className="quiet">{durationOf(build)}</span>
      </p>
      {commit !== undefined && (
        <p>
          Commit <code>{commit.slice(0, SHORT)}</code>
          {commit !== otherCommit && <strong> (another commit)</strong>}{' '}
          <Foreign className="quiet" text={message ?? ''} />
        </p>
      )}
    </section>
  );
}

function durationOf(build: BuildDetail | undefined): string {
  if (build?.StartTime === undefined || build.EndTime === undefined) return '';
  return `took ${formatDuration(build.EndTime - build.StartTime)}`;
}

function BaseImages({ images }: { images: Diff['BaseImages'] }) {
  return (
    <section aria-label="Base images that changed">
      <h2>Base images that changed</h2>
      <div className="diff-table">
        <table>
          <thead>
            <tr>
              <th>Image</th>
              <th>This build</th>
              <th>Compared with</th>
            </tr>
          </thead>
          <tbody>
            {images.map(({ Name: name, Digest: digest, WithDigest: other }) => (
              <tr key={name}>
                <td>{name}</td>
                <td>{digestText(digest)}</td>
                <td>{digestText(other)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function digestText(digest: string | undefined) {
  return digest === undefined ? 'not used' : <code title={digest}>{digest.slice(0, 'sha256:'.length + SHORT)}</code>;
}
