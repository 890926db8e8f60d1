import { type ChainChoice, chainChoiceOf, chainConfigOf, denialOf } from '@slipway/client/chain-choice.ts';
import { useQueryClient } from '@tanstack/react-query';
import type { Chain } from '../../api/chain-queries.ts';
import { useMay } from '../../session/may.ts';
import { currentClient, currentSession } from '../../session/session.ts';
import { Collection } from '../Collection.tsx';
import { chainFields, choiceGiven } from './chain-fields.ts';

/** Chains that can be created, changed and deleted; for one repository, those that its images go through. */
export function ChainList(props: {
  chains: readonly Chain[] | undefined;
  error: unknown;
  of?: { namespace: string; name: string };
}) {
  const { chains, error, of } = props;
  const { instanceId: InstanceId } = currentSession();
  const resource = `repository/${InstanceId}`;
  const [mayCreate, mayUpdate, mayDelete] = useMay([
    { action: 'cr:CreateChain', resource },
    { action: 'cr:UpdateChain', resource },
    { action: 'cr:DeleteChain', resource },
  ]);
  const queries = useQueryClient();
  const place = of === undefined ? {} : { RepoNamespaceName: of.namespace, RepoName: of.name };
  return (
    <Collection<Chain>
      id="chains"
      title={of ? 'Delivery chain' : 'Delivery chains'}
      noun="delivery chain"
      error={error}
      entries={chains}
      about="A delivery chain scans each image that is pushed, and only what passes is replicated and calls triggers."
      none={
        of ? 'No chain: images are replicated and call triggers as soon as they are pushed.' : 'No delivery chains yet.'
      }
      keyOf={({ ChainId }) => ChainId}
      nameOf={({ Name }) => Name}
      line={(chain) => (
        <>
          <strong>{chain.Name}</strong>
          <span>{placeOf(chain)}</span>
          <span className="quiet">{chain.Description}</span>
        </>
      )}
      more={({ ChainConfig }) => <p className="row-more quiet">{wordsOf(chainChoiceOf(ChainConfig))}</p>}
      create={
        mayCreate &&
        (of === undefined || chains?.length === 0) && {
          action: 'CreateChain',
          fixed: { InstanceId, ...place },
          fields: chainFields({ withPlace: !of }),
          send: (given) => createChain(given),
        }
      }
      change={
        mayUpdate &&
        ((chain) => ({
          action: 'UpdateChain',
          fixed: { InstanceId, ChainId: chain.ChainId },
          fields: chainFields({ chain, withPlace: false }),
          send: (given) => updateChain(chain, given),
        }))
      }
      remove={mayDelete && (({ ChainId }) => currentClient().call('DeleteChain', { InstanceId, ChainId }))}
      changed={() => void queries.invalidateQueries({ queryKey: ['chains'] })}
    />
  );
}

function createChain(given: Readonly<Record<string, unknown>>) {
  const { InstanceId, Name, Description, RepoNamespaceName, RepoName, ScopeExclude } = given;
  const place = { RepoNamespaceName, RepoName, ScopeExclude };
  const ChainConfig = chainConfigOf(choiceGiven(given));
  return currentClient().callAny('CreateChain', { InstanceId, Name, Description, ...place, ChainConfig });
}

/** What the form has no field for stays as it was. */
function updateChain(chain: Chain, given: Readonly<Record<string, unknown>>) {
  const { InstanceId, ChainId, Name, Description, ScopeExclude } = given;
  const choice = choiceGiven(given, chainChoiceOf(chain.ChainConfig));
  const ChainConfig = chainConfigOf(choice, chain.ChainConfig);
  return currentClient().callAny('UpdateChain', { InstanceId, ChainId, Name, Description, ScopeExclude, ChainConfig });
}

function placeOf({ Namespace, RepoName, ScopeExclude }: Chain): string {
  if (RepoName !== undefined) return `${Namespace}/${RepoName}`;
  const except = ScopeExclude.length === 0 ? '' : ` except ${ScopeExclude.join(', ')}`;
  return `all of ${Namespace}${except}`;
}

const TAG_WORDS = {
  BLOCK: 'keeps the tag',
  BLOCK_DELETE_TAG: 'removes the tag',
  BLOCK_RETAG: 'moves the tag back to the previous image',
} as const;

function wordsOf(choice: ChainChoice): string {
  if (!choice.scans) return 'Does not scan, so it holds no image back.';
  const denial = denialOf(choice);
  const denies =
    denial === undefined ? 'Denies nothing' : `Denies images with ${denial}, and ${TAG_WORDS[choice.deniedTag]}`;
  const then = [choice.replicates && 'is replicated', choice.triggers && 'calls triggers']
    .filter(Boolean)
    .join(' and ');
  return `Scans each image. ${denies}. ${then === '' ? 'Nothing happens to what passes.' : `What passes ${then}.`}`;
}
