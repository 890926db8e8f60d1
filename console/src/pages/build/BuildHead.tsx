import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { type BuildDetail, isFinal } from '../../api/build.ts';
import { Foreign } from '../../log/Foreign.tsx';
import { plainText } from '../../log/line-text.ts';
import { Ago } from '../../ui/Ago.tsx';
import { useNow } from '../../ui/clock.ts';
import { formatDuration } from '../../ui/durations.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Status } from '../../ui/Status.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { CODE_HOSTS } from '../code-hosts.ts';
import { BuildActions } from './BuildActions.tsx';
import { BuildNote } from './BuildNote.tsx';
import { buildStart, shortRef } from './build-trigger.ts';
import { imageName } from './image-name.ts';
import { SHOWN_WAIT_MS } from './waterfall-rows.ts';

const BuildDetails = lazy(async () => ({ default: (await import('./BuildDetails.tsx')).BuildDetails }));
const TICK_MS = 1000;

/** What a build is, what it was made from and by whom, how long it took, and what can be done with it. */
export function BuildHead({ build }: { build: BuildDetail }) {
  const over = isFinal(build.Status);
  const now = useNow(over ? undefined : TICK_MS);
  const [detailed, setDetailed] = useState(false);
  const [namespace = '', name = ''] = build.Repository.split('/');
  return (
    <header className="build-head">
      <div className="build-title">
        <Status status={build.Status} />
        <h1>
          <Link to="/repositories/$namespace/$name" params={{ namespace, name }}>
            {build.Repository}
          </Link>
          <span className="tag">:{build.ImageTag}</span>
        </h1>
        {build.Status === 'SUCCESS' && <CopyImage build={build} />}
        <BuildActions build={build} />
      </div>
      <ul className="build-facts" aria-label="About this build">
        <CommitPart build={build} />
        <SourcePart build={build} />
        <StartPart build={build} />
        <TimeParts build={build} now={now} />
        <li>
          <button
            type="button"
            className="plain-button"
            aria-expanded={detailed}
            aria-controls="build-details"
            onClick={() => setDetailed(!detailed)}
          >
            Details
            <Icon name={detailed ? 'chevron-up' : 'chevron-down'} />
          </button>
        </li>
      </ul>
      <BuildNote build={build} />
      <div id="build-details" hidden={!detailed}>
        {detailed && (
          <Suspense fallback={<Skeleton of="the details" />}>
            <BuildDetails build={build} />
          </Suspense>
        )}
      </div>
    </header>
  );
}

function Part({ icon, title, children }: { icon: IconName; title?: string | undefined; children: ReactNode }) {
  return (
    <li title={title}>
      <Icon name={icon} />
      <span>{children}</span>
    </li>
  );
}

function CommitPart({ build }: { build: BuildDetail }) {
  const { CommitId: commit, CommitUrl: url, CommitMessage: message, CommitAuthor: author } = build;
  if (commit === undefined) return null;
  const short = <code>{commit.slice(0, 8)}</code>;
  return (
    <li className="commit-part" title={`${commit}\n${plainText(message ?? '')}`}>
      <Icon name="commit" />
      {url === undefined ? short : <OutLink url={url}>{short}</OutLink>}
      <Foreign className="commit-message" text={message ?? ''} title={`${commit}\n${message ?? ''}`} />
      {author !== undefined && author !== '' && (
        <span className="commit-author">
          by <Foreign text={author} />
        </span>
      )}
    </li>
  );
}

function SourcePart({ build: { Source: source, SourceUrl: url } }: { build: BuildDetail }) {
  const name = source.Url ?? source.Name ?? '';
  const place = name
    .replace(/^https?:\/\//, '')
    .replace(/\.git$/, '')
    .replace(/^([A-Z]+) /, (word, host: string) => `${CODE_HOSTS[host] ?? word.trimEnd()} `);
  const shown = <Foreign text={place} title={name} />;
  const ref = source.Ref === undefined || source.Ref === 'HEAD' ? '' : shortRef(source.Ref);
  return (
    <Part icon={source.Kind === 'archive' ? 'box' : 'branch'} title={plainText(`${name} ${ref}`.trim())}>
      {url === undefined ? shown : <OutLink url={url}>{shown}</OutLink>}
      {ref && <Foreign className="ref" text={ref} />}
    </Part>
  );
}

function StartPart({ build }: { build: BuildDetail }) {
  const { icon, words, title } = buildStart(build);
  return (
    <Part icon={icon} title={title}>
      {words} <Ago at={build.CreateTime} />
    </Part>
  );
}

function TimeParts({ build, now }: { build: BuildDetail; now: number }) {
  const { StartTime: startMs, EndTime: endMs, ExpectedDuration: expectedMs, CreateTime: createMs } = build;
  // While it waits, the timeline counts.
  const waitMs = startMs === undefined ? 0 : startMs - createMs;
  return (
    <>
      {startMs !== undefined && (
        <Part icon="clock" title="How long it ran">
          {formatDuration((endMs ?? now) - startMs)}
          {endMs === undefined && expectedMs !== undefined && (
            <span className="quiet"> of about {formatDuration(expectedMs)}</span>
          )}
        </Part>
      )}
      {waitMs > SHOWN_WAIT_MS && (
        <Part icon="list" title="How long it waited in the queue">
          {formatDuration(waitMs)} in the queue
        </Part>
      )}
    </>
  );
}

/** A link to a page of another site. */
function OutLink({ url, children }: { url: string; children: ReactNode }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** Copies the name by which the image can be pulled. */
function CopyImage({ build }: { build: BuildDetail }) {
  const [said, copy] = useCopy(imageName(build));
  return (
    <>
      <IconButton icon="copy" label="Copy the image’s name" onClick={copy} />
      <span className="build-said" role="status">
        {said}
      </span>
    </>
  );
}
