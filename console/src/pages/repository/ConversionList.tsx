import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Conversion, conversionLogQuery } from '../../api/acceleration-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Ago } from '../../ui/Ago.tsx';
import { MoreButtons } from '../../ui/MoreButtons.tsx';

const STATES: Readonly<Record<Conversion['TaskStatus'], string>> = {
  PENDING: 'Waiting',
  BUILDING: 'Converting…',
  SUCCESS: 'Converted',
  FAILED: 'Failed',
};

/** The last conversions, the latest first. */
export function ConversionList({
  conversions,
  mayReadLog,
}: {
  conversions: readonly Conversion[];
  mayReadLog: boolean;
}) {
  return (
    <ul className="rows" aria-label="Conversions">
      {conversions.map((each) => (
        <li key={each.BuildTaskId}>
          <div className="row-line">
            <strong>{each.Tag}</strong>
            <span className={each.TaskStatus === 'FAILED' ? 'bad' : 'quiet'}>
              {STATES[each.TaskStatus]}
              {each.TaskStatus === 'SUCCESS' && ` to ${each.TargetTag}`}
              {each.Reason !== undefined && `: ${each.Reason}`}
            </span>
            <span className="gap" />
            <span className="quiet">
              <Ago at={each.CreateTime} />
            </span>
          </div>
          {mayReadLog && each.StartTime !== undefined && <ConversionLog taskId={each.BuildTaskId} tag={each.Tag} />}
        </li>
      ))}
    </ul>
  );
}

/** The log of a conversion, read when it is opened. */
function ConversionLog({ taskId, tag }: { taskId: string; tag: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="row-more" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Log of {tag}</summary>
      {isOpen && <LogLines taskId={taskId} />}
    </details>
  );
}

function LogLines({ taskId }: { taskId: string }) {
  const [page, setPage] = useState(1);
  const { data, error } = useQuery(conversionLogQuery(taskId, page));
  if (error) return <Failure error={error} />;
  return (
    <>
      {data && <pre>{data.lines.join('\n')}</pre>}
      <MoreButtons
        of="lines"
        back={page > 1 && (() => setPage(page - 1))}
        next={data?.hasMore === true && (() => setPage(page + 1))}
      />
    </>
  );
}
