import { Link } from '@tanstack/react-router';
import type { Card } from '../../api/build.ts';
import { plainText } from '../../log/line-text.ts';
import { stageName } from '../../log/stages.ts';
import { Command } from '../../ui/Command.tsx';
import { Icon } from '../../ui/icons.tsx';
import { LineLink } from './LineLink.tsx';

const LINES_SHOWN = 8;

/** Why a build failed: the step, its Dockerfile lines, the line that tells the cause, what to do, and the last lines. */
export function FailureCard({ id, card }: { id: string; card: Card }) {
  // A card that was kept with an expired log may be older than some fields.
  const { Step: step, ErrorLine: errorLine, Dockerfile: dockerfile, Fixes: fixes = [] } = card;
  const summary = plainText(card.Summary ?? 'The build failed');
  // The server's own line is the heading, or begins with it.
  const isSaid = errorLine !== undefined && plainText(errorLine.Message).startsWith(summary);
  const last = card.LastLines.slice(-LINES_SHOWN);
  return (
    <section className="card" aria-label="Why it failed">
      <h2>{summary.charAt(0).toUpperCase() + summary.slice(1)}</h2>
      <p>
        {step && (
          <>
            In{' '}
            <LineLink id={id} line={step.FirstLine}>
              {step.Step > 0
                ? `step ${step.Place ?? step.Step}`
                : `the ${stageName(step.BuildStage).toLowerCase()} stage`}
            </LineLink>
            {step.Instruction && !dockerfile && (
              <>
                : <code>{plainText(step.Instruction)}</code>
              </>
            )}
            {isSaid && (
              <>
                ,{' '}
                <LineLink id={id} line={errorLine.LineNumber}>
                  line {errorLine.LineNumber}
                </LineLink>
              </>
            )}
            {'. '}
          </>
        )}
        {card.Whose}
      </p>
      {dockerfile && <Instruction {...dockerfile} />}
      {errorLine && !isSaid && (
        <p className="error-line">
          <LineLink id={id} line={errorLine.LineNumber}>
            Line {errorLine.LineNumber}
          </LineLink>{' '}
          <code>{plainText(errorLine.Message)}</code>
        </p>
      )}
      {fixes.length > 0 && <Fixes fixes={fixes} />}
      <p className="card-links">
        {card.LastGoodBuildRecordId !== undefined && (
          <Link to="/builds/$id/diff" params={{ id }}>
            <Icon name="compare" /> Compare with the last good build
          </Link>
        )}
        <a href="/docs/failures">Why builds fail</a>
      </p>
      {last.length > 0 && (
        <details>
          <summary>Last lines</summary>
          <Numbered name="Last lines" first={last[0]?.LineNumber ?? 1} lines={last.map((line) => line.Message)} />
        </details>
      )}
    </section>
  );
}

/** What to do: each way with its command, which can be copied, or its setting. */
function Fixes({ fixes }: { fixes: Card['Fixes'] }) {
  return (
    <ul className="fixes" aria-label="What to do">
      {fixes.map(({ Text: text, Command: command, Setting: setting }) => (
        <li key={text}>
          {text}
          {setting !== undefined && (
            <>
              {' '}
              Setting{' '}
              <a href="/docs/settings">
                <code>{setting}</code>
              </a>
              .
            </>
          )}
          {command !== undefined && <Command text={command} />}
        </li>
      ))}
    </ul>
  );
}

/** The instruction that failed, as written in the Dockerfile. */
function Instruction({ Path: path, FirstLine: first, LastLine: last, Lines: lines }: NonNullable<Card['Dockerfile']>) {
  const place = `${path}, ${first === last ? `line ${first}` : `lines ${first} to ${last}`}`;
  return (
    <figure>
      <figcaption>{place}</figcaption>
      <Numbered name={place} first={first} lines={lines} />
      {first + lines.length <= last && <p className="quiet">continues to line {last}</p>}
    </figure>
  );
}

/** Numbered lines; in a log, as in a file, they are consecutive. */
function Numbered({ name, first, lines }: { name: string; first: number; lines: readonly string[] }) {
  const width = String(first + lines.length - 1).length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
    <section className="numbered" aria-label={name} tabIndex={0}>
      <pre>
        {[...lines.entries()].map(([at, line]) => (
          <span key={at}>
            <span className="quiet">{String(first + at).padStart(width)}</span> {plainText(line)}
            {'\n'}
          </span>
        ))}
      </pre>
    </section>
  );
}
