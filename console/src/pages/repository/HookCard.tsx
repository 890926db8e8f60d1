import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { hookQuery, makeHook } from '../../api/source-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { useMay } from '../../session/may.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Fact } from '../../ui/Fact.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SureButton } from '../../ui/SureButton.tsx';
import { HookDeliveries } from './HookDeliveries.tsx';
import { useRepository } from './use-repository.ts';

/** The webhook through which pushes arrive: its address, its secret once, where to enter them, and what was sent. */
export function HookCard({ host }: { host: string }) {
  const { namespace, name, resource } = useRepository();
  const { data: hook, error } = useQuery(hookQuery(namespace, name));
  const [mayMake, mayBuild] = useMay([
    { action: 'cr:UpdateSourceRepository', resource },
    { action: 'cr:BuildRepositoryByRule', resource },
  ]);
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: () => makeHook(namespace, name),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['hook', namespace, name] }),
  });
  const url = hook?.Url;
  return (
    <>
      <section aria-labelledby="hook">
        <div className="page-head">
          <h2 id="hook">Webhook</h2>
          <span className="gap" />
          {mayMake &&
            hook &&
            (url === undefined ? (
              <button type="button" disabled={make.isPending} onClick={() => make.mutate()}>
                Make a webhook
              </button>
            ) : (
              <SureButton
                name="New address and secret"
                of="of the webhook"
                ask="End the old ones?"
                busy={make.isPending}
                act={() => make.mutate()}
              />
            ))}
        </div>
        {error && <Failure error={error} />}
        {make.error && <Failure error={make.error} />}
        {hook === undefined && !error && <Skeleton of="the webhook" />}
        {hook && url === undefined && (
          <Empty>
            No webhook: the code host reports no pushes to this repository.{' '}
            {mayMake ? 'Make one, and enter its address and secret at the code host.' : ''}
          </Empty>
        )}
        {url !== undefined && (
          <dl className="facts">
            <Fact name="Address">
              <code>{url}</code> <CopyButton text={url} what="address of the webhook" />
            </Fact>
            <Fact name="Secret">
              {make.data === undefined ? (
                <span className="quiet">shown once, when it was made</span>
              ) : (
                <span role="status">
                  <code>{make.data.Secret}</code> <CopyButton text={make.data.Secret} what="secret of the webhook" />{' '}
                  <strong>Copy it now: it is not shown again.</strong>
                </span>
              )}
            </Fact>
          </dl>
        )}
        {url !== undefined && <WhereToEnter host={host} />}
      </section>
      {hook && (url !== undefined || hook.Deliveries.length > 0) && (
        <HookDeliveries deliveries={hook.Deliveries} mayRedeliver={mayBuild && url !== undefined} />
      )}
    </>
  );
}

const WHERE = {
  GITHUB: [
    'GitHub',
    'Settings › Webhooks › Add webhook',
    'Payload URL is the address, Content type is application/json, Secret is the secret. Choose “Just the push event”, or also “Pull requests”.',
  ],
  GITLAB: [
    'GitLab',
    'Settings › Webhooks › Add new webhook',
    'URL is the address, Secret token is the secret. Tick “Push events” and “Tag push events”, or also “Merge request events”.',
  ],
  GITEA: [
    'Gitea and Forgejo',
    'Settings › Webhooks › Add webhook › Gitea',
    'Target URL is the address, HTTP method POST, content type application/json, Secret is the secret. Trigger on push events.',
  ],
  GITEE: [
    'Gitee',
    'Manage › WebHooks › Add WebHook',
    'URL is the address. Choose the signature key or the password, and enter the secret. Tick “Push” and “Tag Push”.',
  ],
} as const;

/** How to enter address and secret at a code host; that of the source is open first. */
function WhereToEnter({ host }: { host: string }) {
  const own = host in WHERE ? (host as keyof typeof WHERE) : 'GITLAB';
  const [at, setAt] = useState<keyof typeof WHERE>(own);
  const [, path, how] = WHERE[at];
  return (
    <div className="where-to-enter">
      <fieldset className="choice">
        <legend className="unseen">Code host</legend>
        {Object.entries(WHERE).map(([key, [label]]) => (
          <button
            key={key}
            type="button"
            className="small"
            aria-pressed={key === at}
            onClick={() => setAt(key as keyof typeof WHERE)}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <p>
        <strong>{path}</strong>
        <br />
        {how}
      </p>
    </div>
  );
}
