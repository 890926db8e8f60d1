import { useQuery } from '@tanstack/react-query';
import { type Chain, chainsQuery } from '../../api/chain-queries.ts';
import { type ScanRule, scanRulesQuery } from '../../api/scan-rule-queries.ts';
import { ChainList } from '../rule/ChainList.tsx';
import { Executions } from '../rule/Executions.tsx';
import { ScanRules } from '../rule/ScanRules.tsx';
import { useRepository } from './use-repository.ts';

/** Which scans the images of a repository get, what has to pass before they leave, and what was held. */
export function RepositorySecurity() {
  const { namespace, name } = useRepository();
  const of = { namespace, name };
  const chains = useQuery(chainsQuery());
  const rules = useQuery(scanRulesQuery());
  return (
    <>
      <ChainList chains={chains.data && inForce(chains.data, of)} error={chains.error} of={of} />
      <Executions of={of} />
      <ScanRules rules={rules.data?.filter((rule) => isFor(rule, of))} error={rules.error} of={of} />
    </>
  );
}

interface Repository {
  namespace: string;
  name: string;
}

/** The repository's own chain, or else that of its namespace, unless it leaves the repository out. */
function inForce(chains: readonly Chain[], { namespace, name }: Repository): Chain[] {
  const here = chains.filter((chain) => chain.Namespace === namespace);
  const own = here.find(({ RepoName }) => RepoName === name);
  const wide = here.find(
    ({ RepoName, ScopeExclude }) =>
      RepoName === undefined && !ScopeExclude.some((names) => names.split(',').some((each) => each.trim() === name)),
  );
  return [own ?? wide].filter((chain) => chain !== undefined);
}

function isFor({ ScanScope, Namespaces = [], RepoNames = [] }: ScanRule, { namespace, name }: Repository): boolean {
  if (ScanScope === 'INSTANCE') return true;
  return Namespaces.includes(namespace) && (ScanScope === 'NAMESPACE' || RepoNames.includes(name));
}
