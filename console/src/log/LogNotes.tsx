import type { BuildDetail } from '../api/build.ts';

/** What a reader must know of a log before reading it: that it is not whole, or that nothing was written. */
export function LogNotes({ build }: { build: BuildDetail }) {
  const { Seal: seal, LineCount, Status } = build;
  if (!seal) {
    return LineCount === 0 && Status === 'PENDING' ? (
      <p className="log-note">The build waits; nothing is written yet.</p>
    ) : null;
  }
  const notes: string[] = [];
  if (seal.verdict === 'partial') notes.push(`This log is partial: ${seal.reason ?? 'the reason is not known'}.`);
  for (const { firstLine, lastLine, reason } of seal.ranges)
    notes.push(`Lines ${firstLine} to ${lastLine}: ${reason}.`);
  if (seal.droppedLines) notes.push(`${seal.droppedLines} lines past the limit were counted and not stored.`);
  if (notes.length === 0) return null;
  return (
    <div className="log-note warning" role="note">
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
