import { counted } from '@slipway/client/counted.ts';
import type { Build, Hit } from '@slipway/client/native.gen.ts';
import { Link } from '@tanstack/react-router';
import { Foreign } from '../../log/Foreign.tsx';
import { lineText } from '../../log/line-text.ts';
import { Ago } from '../../ui/Ago.tsx';
import { Status } from '../../ui/Status.tsx';
import { shownLines } from './search-logs.ts';

/** A line may be as long as its program liked. */
const SHOWN_CHARS = 500;

/** A build and the lines of its log that match, with those around them. */
export function HitGroup({ build, hits, find }: { build: Build; hits: readonly Hit[]; find: string | undefined }) {
  const { BuildRecordId: id, Repository, ImageTag, CommitMessage, Branch } = build;
  return (
    <section className="hit-group" aria-label={`${Repository}:${ImageTag}`}>
      <header>
        <Status status={build.Status} />
        <Link to="/builds/$id" params={{ id }}>
          {Repository}
          <span className="tag">:{ImageTag}</span>
        </Link>
        {Branch !== undefined && <Foreign className="quiet" text={Branch} />}
        {CommitMessage && <Foreign className="hit-commit quiet" text={CommitMessage} />}
        <span className="gap" />
        <span className="quiet">
          {counted(hits.length, 'line')} · <Ago at={build.CreateTime} />
        </span>
      </header>
      <ol>
        {shownLines(hits).map(({ line, isHit, afterGap }) => (
          <li key={line.LineNumber} className={`${isHit ? 'is-hit' : ''}${afterGap ? ' after-gap' : ''}`}>
            <Link to="/builds/$id" params={{ id }} hash={`L${line.LineNumber}`}>
              {line.LineNumber}
            </Link>
            <span className="text">
              {lineText(line.Message.slice(0, SHOWN_CHARS), {
                wholeProgress: false,
                find: isHit ? find : undefined,
              }).map((piece, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line never changes, so its pieces keep their order.
                <span key={index} className={piece.classes.join(' ') || undefined}>
                  {piece.text}
                </span>
              ))}
              {line.Message.length > SHOWN_CHARS && <span className="quiet">…</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
