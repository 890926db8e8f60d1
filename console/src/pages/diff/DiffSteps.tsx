import { Link } from '@tanstack/react-router';
import { plainText } from '../../log/line-text.ts';
import { formatDuration } from '../../ui/durations.ts';
import type { Diff } from './diff-queries.ts';

type Pair = Diff['Steps'][number];
type Step = NonNullable<Pair['Build']>;

/** The steps of both builds beside each other, with how long each took. */
export function DiffSteps({ steps, id, otherId }: { steps: Diff['Steps']; id: string; otherId: string }) {
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
            {steps.map((pair) => (
              <StepRow key={`${pair.Build?.Step ?? ''}/${pair.With?.Step ?? ''}`} {...{ pair, id, otherId }} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function StepRow({ pair, id, otherId }: { pair: Pair; id: string; otherId: string }) {
  const { Build: build, With: other } = pair;
  const step = build ?? other;
  if (!step) return null;
  const change = changeOf(pair);
  return (
    <tr className={change === 'same' ? undefined : 'diff-changed'}>
      <td>
        <Link to="/builds/$id" params={{ id: build ? id : otherId }} hash={`L${step.FirstLine}`}>
          {step.Place}
        </Link>
      </td>
      <td>
        <code>{plainText(step.Instruction ?? '')}</code>
      </td>
      <td>{change}</td>
      <td className="figure">{tookText(build)}</td>
      <td className="figure">{tookText(other)}</td>
    </tr>
  );
}

function changeOf({ Build: build, With: other }: Pair): string {
  if (!other) return 'new';
  if (!build) return 'not in this build';
  if (build.ExitCode === other.ExitCode) return 'same';
  return `exit code ${build.ExitCode ?? 'unknown'}, was ${other.ExitCode ?? 'unknown'}`;
}

function tookText(step: Step | undefined): string {
  if (!step) return '–';
  if (step.Cached) return 'cached';
  return step.DurationMs === undefined ? 'not ended' : formatDuration(step.DurationMs);
}
