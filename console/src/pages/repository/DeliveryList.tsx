import { counted } from '@slipway/client/counted.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Delivery, deliveriesQuery } from '../../api/trigger-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { formatAge } from '../../ui/durations.ts';

interface Repository {
  namespace: string;
  name: string;
}

/** The calls of a trigger, read when it is opened. */
export function DeliveryList({ of, triggerId }: { of: Repository; triggerId: string }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="row-more" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>Calls</summary>
      {isOpen && <Deliveries of={of} triggerId={triggerId} />}
    </details>
  );
}

/** How a call ended, in a few words. */
export function outcomeOf({
  State: state,
  StatusCode: status,
  Failure: failure,
  Attempts: attempts,
}: Delivery): string {
  if (state === 'delivered') return `Delivered (HTTP ${status})`;
  const reason = failure === undefined ? '' : `: ${failure}`;
  if (state === 'failed') return `Given up after ${counted(attempts, 'attempt')}${reason}`;
  return `Waiting${reason}`;
}

function Deliveries({ of, triggerId }: { of: Repository; triggerId: string }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const { data, error } = useQuery(deliveriesQuery(of.namespace, of.name, triggerId, cursors.at(-1)));
  if (error) return <Failure error={error} />;
  return (
    <>
      <ul className="rows">
        {data?.Deliveries.map((delivery) => (
          <li key={delivery.DeliveryId}>
            <div className="row-line">
              <strong>{delivery.Tag}</strong>
              <span className={delivery.State === 'delivered' ? 'quiet' : 'bad'}>{outcomeOf(delivery)}</span>
              <span className="gap" />
              <span className="quiet">{formatAge(Date.now() - delivery.CreateTime)}</span>
            </div>
            {delivery.Reply && <pre className="row-more">{delivery.Reply}</pre>}
          </li>
        ))}
      </ul>
      <div className="further">
        {cursors.length > 0 && (
          <button type="button" className="small" onClick={() => setCursors(cursors.slice(0, -1))}>
            Back
          </button>
        )}
        {data?.Cursor && (
          <button type="button" className="small" onClick={() => setCursors([...cursors, data.Cursor ?? ''])}>
            More calls
          </button>
        )}
      </div>
    </>
  );
}
