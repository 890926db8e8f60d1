import { useQuery } from '@tanstack/react-query';
import { chainsQuery } from '../../api/chain-queries.ts';
import { ChainList } from '../rule/ChainList.tsx';
import { Executions } from '../rule/Executions.tsx';

const OF_ALL = {};

/** The delivery chains of the instance, and the images that went through them. */
export function Chains() {
  const { data: chains, error } = useQuery(chainsQuery());
  return (
    <>
      <ChainList chains={chains} error={error} />
      <Executions of={OF_ALL} />
    </>
  );
}
