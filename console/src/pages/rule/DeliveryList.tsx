import { counted } from '@slipway/client/counted.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Delivery, deliveriesQuery, Trigger } from '../../api/trigger-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Ago } from '../../ui/Ago.tsx';
import { MoreButtons } from '../../ui/MoreButtons.tsx';

/** Returns the query of a page. */
type PageOf = (cursor?: string) => ReturnType<typeof deliveriesQuery>;

/** The calls of a trigger or event rule, read when it is opened. */
export function DeliveryList({ pageOf, withRepository = false }: { pageOf: PageOf; withRepository?: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="row-more" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Calls</summary>
      {isOpen && <Deliveries pageOf={pageOf} withRepository={withRepository} />}
    </details>
  );
}

/** The last call of a trigger or event rule, and since when its calls have failed. */
export function LastCall({ of, never }: { of: Pick<Trigger, 'LastDelivery' | 'FailingSince'>; never: string }) {
  const { LastDelivery: last, FailingSince: sinceMs } = of;
  if (last === undefined) return <p className="row-more quiet">{never}</p>;
  return (
    <p className={last.State === 'delivered' ? 'row-more quiet' : 'row-more bad'}>
      Last call <Ago at={last.AttemptTime ?? last.CreateTime} />: {outcomeOf(last)}.
      {sinceMs !== undefined && (
        <>
          {' '}
          First failure <Ago at={sinceMs} />.
        </>
      )}
    </p>
  );
}

/** How a call ended, in a few words. */
function outcomeOf({ State: state, StatusCode: status, Failure: failure, Attempts: attempts }: Delivery): string {
  // Mail has no status.
  if (state === 'delivered') return status === undefined ? 'Delivered' : `Delivered (HTTP ${status})`;
  const reason = failure === undefined ? '' : `: ${failure}`;
  if (state === 'failed') return `Given up after ${counted(attempts, 'attempt')}${reason}`;
  return `Waiting${reason}`;
}

function Deliveries({ pageOf, withRepository }: { pageOf: PageOf; withRepository: boolean }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const { data, error } = useQuery(pageOf(cursors.at(-1)));
  const next = data?.Cursor;
  if (error) return <Failure error={error} />;
  return (
    <>
      <ul className="rows">
        {data?.Deliveries.map((delivery) => (
          <li key={delivery.DeliveryId}>
            <div className="row-line">
              <strong>{withRepository ? `${delivery.Repository}:${delivery.Tag}` : delivery.Tag}</strong>
              <span className={delivery.State === 'delivered' ? 'quiet' : 'bad'}>{outcomeOf(delivery)}</span>
              <span className="gap" />
              <span className="quiet">
                <Ago at={delivery.CreateTime} />
              </span>
            </div>
            {delivery.Reply && <pre className="row-more">{delivery.Reply}</pre>}
          </li>
        ))}
      </ul>
      <MoreButtons
        of="calls"
        back={cursors.length > 0 && (() => setCursors(cursors.slice(0, -1)))}
        next={next !== undefined && (() => setCursors([...cursors, next]))}
      />
    </>
  );
}
