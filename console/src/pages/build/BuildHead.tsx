import { counted } from '@slipway/client/counted.ts';
import { Link } from '@tanstack/react-router';
import { type BuildDetail, isFinal } from '../../api/build.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { useNow } from '../../ui/clock.ts';
import { formatAge, formatBytes, formatDuration } from '../../ui/durations.ts';
import { Fact } from '../../ui/Fact.tsx';
import { Status } from '../../ui/Status.tsx';
import { BuildActions } from './BuildActions.tsx';
import { OptionFacts } from './OptionFacts.tsx';

const TICK_MS = 1000;

/** What a build is, its status, and its actions. */
export function BuildHead({ build }: { build: BuildDetail }) {
  const over = isFinal(build.Status);
  const now = useNow(over ? undefined : TICK_MS);
  const [namespace = '', name = ''] = build.Repository.split('/');
  // If a newer build was faster, the tag belongs to the newer build's image.
  const place = build.SupersededBy === undefined ? `:${build.ImageTag}` : `@${build.ImageDigest}`;
  const image = `${location.host.replace(/^\[::1\]/, '127.0.0.1')}/${build.Repository}${place}`;
  return (
    <header className="build-head">
      <div className="page-head">
        <h1>
          <Link to="/repositories/$namespace/$name" params={{ namespace, name }}>
            {build.Repository}
          </Link>
          <span className="tag">:{build.ImageTag}</span>
        </h1>
        <Status status={build.Status} />
        <span className="gap" />
        <BuildActions build={build} />
      </div>
      <dl className="facts">
        <Fact name="Requested">
          <time dateTime={new Date(build.CreateTime).toISOString()} title={new Date(build.CreateTime).toLocaleString()}>
            {formatAge(Math.max(now, Date.now()) - build.CreateTime)}
          </time>
        </Fact>
        <TimeFacts build={build} now={now} />
        <SourceFacts build={build} />
        <OptionFacts build={build} />
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
          <code>{build.BuildRecordId.slice(0, 8)}</code> <CopyButton text={build.BuildRecordId} what="build id" />
        </Fact>
        {build.Attempt > 0 && <Fact name="Attempt">{build.Attempt}</Fact>}
      </dl>
      {build.SupersededBy && (
        <p className="quiet">
          {build.Status === 'CANCELED' ? 'Cancelled for ' : 'The tag belongs to '}
          <Link to="/builds/$id" params={{ id: build.SupersededBy }}>
            {build.Status === 'CANCELED' ? 'a newer build of the same rule' : 'a newer build of the same tag'}
          </Link>
          .
        </p>
      )}
    </header>
  );
}

function TimeFacts({ build, now }: { build: BuildDetail; now: number }) {
  const { StartTime: startMs, EndTime: endMs, ExpectedDuration: expectedMs, QueuePosition: position } = build;
  const expected = expectedMs === undefined ? '' : `about ${formatDuration(expectedMs)}`;
  return (
    <>
      {position !== undefined && (
        <Fact name="Queue">
          {position === 1 ? 'next' : `position ${position}`}
          {position > 1 && <span className="quiet"> or better</span>}
        </Fact>
      )}
      {startMs === undefined && expected && <Fact name="Expected">{expected}</Fact>}
      {startMs !== undefined && (
        <Fact name="Duration">
          {formatDuration((endMs ?? now) - startMs)}
          {endMs === undefined && expected && <span className="quiet"> of {expected}</span>}
        </Fact>
      )}
    </>
  );
}

function SourceFacts({ build }: { build: BuildDetail }) {
  const { Source: source, CommitId: commit, CommitMessage: message, CommitAuthor: author } = build;
  const name = source.Url ?? source.Name ?? '';
  return (
    <>
      <Fact name={source.Kind === 'archive' ? 'Folder' : 'Source'}>
        <code>{name.length > 48 ? `…${name.slice(-47)}` : name}</code>
        {source.Ref && <span className="quiet"> {source.Ref.replace(/^refs\/(heads|tags)\//, '')}</span>}
      </Fact>
      {commit && (
        <Fact name="Commit">
          <code>{commit.slice(0, 12)}</code> <CopyButton text={commit} what="commit" />
          {message && (
            <span className="commit-message" title={author}>
              {' '}
              {message.slice(0, 80)}
            </span>
          )}
        </Fact>
      )}
      {build.BaseImages?.map(({ Name: base, Digest: digest, Platform: platform }) => (
        <Fact key={`${base}@${digest} ${platform ?? ''}`} name="Base">
          <code title={digest}>{base}</code>
          {platform && <span className="quiet"> {platform}</span>}
        </Fact>
      ))}
    </>
  );
}

function SealFact({ seal }: { seal: NonNullable<BuildDetail['Seal']> }) {
  const masked = seal.maskedValues ? `, ${counted(seal.maskedValues, 'secret')} masked` : '';
  return (
    <Fact name="Log">
      <span className={seal.verdict === 'complete' ? 'good' : 'bad'}>{seal.verdict}</span>,{' '}
      {formatBytes(seal.sizeBytes)}
      {masked}, <code title={seal.sha256}>sha256 {seal.sha256.slice(0, 8)}…</code>{' '}
      <CopyButton text={seal.sha256} what="seal" />
    </Fact>
  );
}
