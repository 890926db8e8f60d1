import type { PolicyNote } from '../../api/policy-queries.ts';

interface PolicyNotesProps {
  /** Undefined while the text is being checked. */
  notes: readonly PolicyNote[] | undefined;
  goTo(line: number): void;
}

/** What the server says of a policy, each with its line. */
export function PolicyNotes({ notes, goTo }: PolicyNotesProps) {
  if (notes === undefined) return <p className="policy-note quiet">Checking…</p>;
  if (notes.length === 0) return <p className="policy-note good">✓ The server accepts this policy.</p>;
  return (
    <ul className="policy-notes">
      {notes.map(({ Line, Severity, Message }) => (
        <li key={`${Line} ${Message}`} className={Severity === 'Error' ? 'bad' : 'warn'}>
          <span aria-hidden="true">{Severity === 'Error' ? '✕' : '!'}</span>{' '}
          <button type="button" className="link" onClick={() => goTo(Line)}>
            Line {Line}
          </button>{' '}
          {Severity === 'Warning' && 'Warning: '}
          {Message}
        </li>
      ))}
    </ul>
  );
}
