import { counted } from '@slipway/client/counted.ts';
import type { BuildDetail } from '../../api/build.ts';
import { Foreign } from '../../log/Foreign.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatBytes, formatExactly } from '../../ui/durations.ts';
import { Fact } from '../../ui/Fact.tsx';
import { imageName } from './image-name.ts';
import { OptionFacts } from './OptionFacts.tsx';

/** What few readers need: ids, digests and times in full, the options, and the seal of the log. */
export function BuildDetails({ build }: { build: BuildDetail }) {
  const { ImageDigest: digest, CommitId: commit, StartTime: startMs, EndTime: endMs, Source: source } = build;
  const image = imageName(build);
  return (
    <dl className="facts">
      {build.Status === 'SUCCESS' && (
        <Fact name="Image">
          <code>{image}</code> <CopyButton text={image} what="image" />
        </Fact>
      )}
      {digest !== undefined && <HashFact name="Digest" hash={digest} shown={`${digest.slice(0, 19)}…`} />}
      {commit !== undefined && <HashFact name="Commit" hash={commit} shown={`${commit.slice(0, 12)}…`} />}
      {build.Seal && <SealFact seal={build.Seal} />}
      <Fact name="Build">
        <code>{build.BuildRecordId}</code> <CopyButton text={build.BuildRecordId} what="build id" />
      </Fact>
      {build.Attempt > 0 && <Fact name="Attempt">{build.Attempt}</Fact>}
      <Fact name={source.Kind === 'archive' ? 'Folder' : 'Source'}>
        <code>
          <Foreign text={source.Url ?? source.Name ?? ''} />
        </code>{' '}
        {source.Ref && <Foreign className="quiet" text={source.Ref} />}
      </Fact>
      {build.BaseImages?.map(({ Name: base, Digest: baseDigest, Platform: platform }) => (
        <Fact key={`${base}@${baseDigest} ${platform ?? ''}`} name="Base">
          <code title={baseDigest}>{base}</code>
          {platform && <span className="quiet"> {platform}</span>}
        </Fact>
      ))}
      <OptionFacts build={build} />
      {build.BuildRuleId && <Fact name="Rule">{build.BuildRuleId}</Fact>}
      <Fact name="Requested">{formatExactly(build.CreateTime)}</Fact>
      {startMs !== undefined && <Fact name="Started">{formatExactly(startMs)}</Fact>}
      {endMs !== undefined && <Fact name="Ended">{formatExactly(endMs)}</Fact>}
    </dl>
  );
}

function HashFact({ name, hash, shown }: { name: string; hash: string; shown: string }) {
  return (
    <Fact name={name}>
      <code title={hash}>{shown}</code> <CopyButton text={hash} what={name.toLowerCase()} />
    </Fact>
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
