import { HeadingNote } from './HeadingNote.tsx';
import type { Heading } from './headings.ts';

interface StickyHeadingProps {
  around: { stage: Heading; step: Heading | undefined };
  show(line: number): void;
}

/** The stage and the step that the lines at the top of the view belong to, while the lines that begin them are above it. */
export function StickyHeading({ around: { stage, step }, show }: StickyHeadingProps) {
  const inner = step ?? stage;
  return (
    <div className="sticky-heading">
      <button type="button" tabIndex={-1} onClick={() => show(stage.line)}>
        {stage.label}
      </button>
      {step && step !== stage && (
        <>
          <span aria-hidden="true">›</span>
          <button type="button" tabIndex={-1} className="step" onClick={() => show(step.line)}>
            {step.label}
          </button>
        </>
      )}
      <HeadingNote heading={inner} />
    </div>
  );
}
