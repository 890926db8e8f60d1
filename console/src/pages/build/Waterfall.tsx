import { useState } from 'react';
import type { BuildDetail } from '../../api/build.ts';
import type { BuildParts } from '../../log/use-build-parts.ts';
import { useNow } from '../../ui/clock.ts';
import { Icon } from '../../ui/icons.tsx';
import { StageStrip } from './StageStrip.tsx';
import { TimelineRows } from './TimelineRows.tsx';
import { timelineAxis } from './timeline-axis.ts';
import { waterfallRows } from './waterfall-rows.ts';

const TICK_MS = 250;
/** More rows than this would push the log off the first screen. */
const OPEN_ROWS = 7;
const WIDE = '(min-width: 900px) and (min-height: 640px)';
/** What the reader chose last, on any build, until the page is left. */
let chosen: boolean | undefined;

/** Where the time of a build went: the stages in one strip, which opens to all steps on one time line. */
export function Waterfall({ build, parts }: { build: BuildDetail; parts: BuildParts }) {
  const id = build.BuildRecordId;
  const { sections, steps } = parts;
  const ticking = useNow(build.EndTime === undefined ? TICK_MS : undefined);
  const [open, setOpen] = useState(chosen);
  const rows = waterfallRows(build, sections ?? [], steps ?? []);
  // Decided once, when there is something to see: it must not open or close by itself under the reader's pointer.
  const isKnown = sections !== undefined && steps !== undefined && rows.some(({ kind }) => kind === 'stage');
  if (open === undefined && isKnown) setOpen(opensAtFirst(build, rows.length));
  if (rows.length === 0) return null;
  const last = Math.max(...rows.map((row) => row.endMs ?? row.startMs));
  // The clock of this machine may be behind the server's.
  const now = build.EndTime ?? Math.max(ticking, last);
  const startedMs = build.StartTime ?? build.EndTime ?? now;
  const axis = timelineAxis({ requestedMs: build.CreateTime, startedMs, endMs: Math.max(now, last) });
  const isOpen = open === true;
  return (
    <section className="waterfall" aria-label="Stages and steps">
      <div className="waterfall-head">
        {isKnown && (
          <button
            type="button"
            className="plain-button"
            aria-expanded={isOpen}
            aria-label="Timeline of the steps"
            onClick={() => {
              chosen = !isOpen;
              setOpen(chosen);
            }}
          >
            <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
          </button>
        )}
        <StageStrip id={id} rows={rows} now={now} />
      </div>
      {isKnown && isOpen && <TimelineRows id={id} rows={rows} axis={axis} now={now} />}
    </section>
  );
}

/** The card of a failed build says where its time ended: the log is what its reader wants next. */
function opensAtFirst({ Status: status }: BuildDetail, rowCount: number): boolean {
  return status !== 'FAILED' && rowCount <= OPEN_ROWS && matchMedia(WIDE).matches;
}
