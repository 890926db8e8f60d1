import { Link } from '@tanstack/react-router';
import { plainText } from '../../log/line-text.ts';
import { formatDuration } from '../../ui/durations.ts';
import type { Diff } from './diff-queries.ts';
import { type StepPair, stepRows } from './step-rows.ts';

/** The steps of both builds beside each other, with how long each took. */
export function DiffSteps({
  diff: { Steps: steps, Status: status, BuildRecordId: id, WithBuildRecordId: otherId },
}: {
  diff: Diff;
}) {
  if (steps.length === 0) return null;
  return (
    <section aria-label="Steps of both builds">
      <h2>Steps</h2>
      <div className="diff-table">
        <table>
          <thead>
            <tr>
              <th>Step</th>
              <th>Instruction</th>
              <th>Result</th>
              <th className="figure">This build</th>
              <th className="figure">Compared with</th>
            </tr>
          </thead>
          <tbody>
            {stepRows(steps, status).map((pair) => (
              <StepRow
                key={`${pair.build?.Step ?? ''}/${pair.other?.Step ?? ''}`}
                pair={pair}
                id={id}
                otherId={otherId}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function StepRow({ pair, id, otherId }: { pair: StepPair; id: string; otherId: string }) {
  const { build, other, change } = pair;
  const step = build ?? other;
  if (!step) return null;
  const was = build && other && build.Instruction !== other.Instruction ? other.Instruction : undefined;
  return (
    <tr className={change === 'same' ? undefined : 'diff-changed'}>
      <td>
        <Link to="/builds/$id" params={{ id: build ? id : otherId }} hash={`L${step.FirstLine}`}>
          {step.Place}
        </Link>
      </td>
      <td>
        <Instruction text={step.Instruction} />
        {was !== undefined && (
          <div className="diff-was">
            was <Instruction text={was} />
          </div>
        )}
      </td>
      <td>{change}</td>
      <td className="figure">{tookText(build)}</td>
      <td className="figure">{tookText(other)}</td>
    </tr>
  );
}

/** At most two lines of it; all of it when it is pointed at. */
function Instruction({ text = '' }: { text: string | undefined }) {
  const shown = plainText(text);
  return <code title={shown}>{shown}</code>;
}

function tookText(step: StepPair['build']): string {
  if (!step) return '–';
  if (step.Cached) return 'cached';
  return step.DurationMs === undefined ? 'not ended' : formatDuration(step.DurationMs);
}
