import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type HookDelivery, redeliver } from '../../api/source-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Foreign } from '../../log/Foreign.tsx';
import { plainText } from '../../log/line-text.ts';
import { Ago } from '../../ui/Ago.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { useRepository } from './use-repository.ts';

const RESULTS: Readonly<Record<HookDelivery['Result'], { word: string; icon: IconName; colour: string }>> = {
  built: { word: 'Built', icon: 'check', colour: 'good' },
  nothing: { word: 'Nothing built', icon: 'info', colour: 'quiet' },
  refused: { word: 'Refused', icon: 'error', colour: 'bad' },
};

/** What a code host sent, what came of it, and why; what it reported can be processed again. */
export function HookDeliveries(props: { deliveries: readonly HookDelivery[]; mayRedeliver: boolean }) {
  const { deliveries, mayRedeliver } = props;
  const { namespace, name } = useRepository();
  const queries = useQueryClient();
  const again = useMutation({
    mutationFn: (deliveryId: string) => redeliver(namespace, name, deliveryId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['hook', namespace, name] }),
  });
  return (
    <section aria-labelledby="deliveries">
      <div className="page-head">
        <h2 id="deliveries">Deliveries</h2>
        {deliveries.length > 0 && <span className="quiet">the last {deliveries.length}</span>}
      </div>
      {again.error && <Failure error={again.error} />}
      {again.data?.Result === 'nothing' && <p role="status">Nothing was built: {again.data.Notes.join('; ')}.</p>}
      {deliveries.length === 0 && (
        <Empty>Nothing was sent yet. Push a commit, or use the code host’s button that sends a test.</Empty>
      )}
      <ul className="rows">
        {deliveries.map((delivery) => (
          <li key={delivery.DeliveryId} className="row-line delivery">
            <Result result={delivery.Result} />
            <Foreign text={eventOf(delivery)} />
            <span className="quiet">
              <Ago at={delivery.ReceiveTime} />
              {delivery.RedeliveredBy !== undefined && `, again by ${delivery.RedeliveredBy.replace(/^.*[:/]/, '')}`}
            </span>
            {delivery.Builds.map(({ BuildRecordId: id, ImageTag: tag }) => (
              <Link key={id} to="/builds/$id" params={{ id }}>
                build of :{tag}
              </Link>
            ))}
            {delivery.Notes.length > 0 && <Foreign className="delivery-why" text={delivery.Notes.join('; ')} />}
            {mayRedeliver && delivery.Event && (
              <span className="row-buttons">
                <button
                  type="button"
                  className="small"
                  disabled={again.isPending}
                  aria-label={`Redeliver ${plainText(eventOf(delivery))}`}
                  onClick={() => again.mutate(delivery.DeliveryId)}
                >
                  Redeliver
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Result({ result }: { result: HookDelivery['Result'] }) {
  const { word, icon, colour } = RESULTS[result];
  return (
    <span className={`delivery-result ${colour}`}>
      <Icon name={icon} /> {word}
    </span>
  );
}

/** `push of main at 1a2b3c4`. */
function eventOf({ Event: event, Result }: HookDelivery): string {
  if (event === undefined) return Result === 'refused' ? 'not read' : 'another event';
  const at = event.CommitId === undefined ? '' : ` at ${event.CommitId.slice(0, 7)}`;
  if (event.Kind === 'pull-request') return `pull request ${event.PullRequest} into ${event.Name}${at}`;
  const what = event.Kind === 'tag' ? `tag ${event.Name}` : event.Name;
  return event.CommitId === undefined ? `deletion of ${what}` : `push of ${what}${at}`;
}
