import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { cardQuery } from '../../api/build-queries.ts';
import { stageName } from '../../log/folds.ts';
import { plainText } from '../../log/line-text.ts';
import { Failure } from '../Failure.tsx';

const FAULTS: Readonly<Record<string, string>> = {
  source: 'what is built',
  machine: 'the machine, not what is built',
  cancelled: 'a cancellation',
};
const LINES_SHOWN = 8;

/** Why a build failed: the step, the first line that looks like an error, and the last lines. */
export function FailureCard({ id }: { id: string }) {
  const { data: card, error } = useQuery(cardQuery(id, true));
  if (error) return <Failure error={error} />;
  if (!card) return null;
  const { Step: step, ErrorLine: errorLine } = card;
  const message = card.Failure?.Message ?? 'The build failed';
  const last = card.LastLines.slice(-LINES_SHOWN);
  return (
    <section className="card" aria-label="Why it failed">
      <h2>{message}</h2>
      <p>
        {step && (
          <>
            In{' '}
            <LineLink id={id} line={step.FirstLine}>
              {step.Step > 0 ? `step ${step.Step}` : `the stage ${stageName(step.BuildStage).toLowerCase()}`}
            </LineLink>
            {step.Instruction && !message.includes(step.Instruction) && (
              <>
                : <code>{step.Instruction}</code>
              </>
            )}
            {'. '}
          </>
        )}
        {card.ExitCode !== undefined && !message.includes(`exit code ${card.ExitCode}`) && (
          <>Exit code {card.ExitCode}. </>
        )}
        {card.Failure && <>The cause is {FAULTS[card.Failure.Fault] ?? card.Failure.Fault}.</>}
      </p>
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
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard */}
          <pre tabIndex={0}>
            {last.map((line) => (
              <span key={line.LineNumber}>
                {String(line.LineNumber).padStart(6)} {plainText(line.Message)}
                {'\n'}
              </span>
            ))}
          </pre>
        </details>
      )}
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
