import { counted } from '@slipway/client/counted.ts';
import type { LoggedBuild } from '../api/build.ts';

/** Notes above a log: it is incomplete, or nothing has been written yet. */
export function LogNotes({ build, lineCount }: { build: LoggedBuild; lineCount: number }) {
  const { Seal: seal, Status } = build;
  if (!seal) {
    return lineCount === 0 && Status === 'PENDING' ? (
      <p className="log-note">The build is waiting; there is no output yet.</p>
    ) : null;
  }
  const notes: string[] = [];
  if (seal.verdict === 'partial') notes.push(`This log is partial: ${seal.reason ?? 'the reason is unknown'}.`);
  for (const { firstLine, lastLine, reason } of seal.ranges)
    notes.push(`Lines ${firstLine} to ${lastLine}: ${reason}.`);
  if (seal.droppedLines)
    notes.push(
      `${counted(seal.droppedLines, 'line')} past the limit ${seal.droppedLines === 1 ? 'was' : 'were'} not stored.`,
    );
  if (notes.length === 0) return null;
  return (
    <div className="log-note warning" role="note">
      {notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}

/** Shown instead of a log that is no longer kept. */
export function ExpiredNote({ atMs }: { atMs: number }) {
  return (
    <p className="log-note" role="note">
      The log expired on {new Date(atMs).toISOString().slice(0, 10)} and is no longer kept.
    </p>
  );
}
