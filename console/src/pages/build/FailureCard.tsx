import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Card } from '../../api/build.ts';
import { cardQuery } from '../../api/build-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { stageName } from '../../log/folds.ts';
import { plainText } from '../../log/line-text.ts';

const FAULTS: Readonly<Record<string, string>> = {
  source: 'in your code or Dockerfile',
  settings: 'a limit or rule of this server, not your code',
  machine: 'this machine, not your code',
  cancelled: 'a cancellation',
};
const LINES_SHOWN = 8;

/** Why a build failed: the step, its Dockerfile lines, the first line that looks like an error, and the last lines. */
export function FailureCard({ id }: { id: string }) {
  const { data: card, error } = useQuery(cardQuery(id, true));
  if (error) return <Failure error={error} />;
  if (!card) return null;
  const { Step: step, ErrorLine: errorLine, Dockerfile: dockerfile } = card;
  const summary = card.Summary ?? 'The build failed';
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
                : `the stage ${stageName(step.BuildStage).toLowerCase()}`}
            </LineLink>
            {step.Instruction && !dockerfile && (
              <>
                : <code>{step.Instruction}</code>
              </>
            )}
            {'. '}
          </>
        )}
        {card.Failure && <>The cause is {FAULTS[card.Failure.Fault] ?? card.Failure.Fault}.</>}
      </p>
      {dockerfile && <Instruction {...dockerfile} />}
      {errorLine && (
        <p className="error-line">
          <LineLink id={id} line={errorLine.LineNumber}>
            Line {errorLine.LineNumber}
          </LineLink>{' '}
          <code>{plainText(errorLine.Message)}</code>
        </p>
      )}
      {last.length > 0 && (
        <details>
          <summary>Last lines</summary>
          <Numbered name="Last lines" first={last[0]?.LineNumber ?? 1} lines={last.map((line) => line.Message)} />
        </details>
      )}
    </section>
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

function LineLink({ id, line, children }: { id: string; line: number; children: React.ReactNode }) {
  return (
    <Link to="/builds/$id" params={{ id }} hash={`L${line}`} resetScroll={false}>
      {children}
    </Link>
  );
}
