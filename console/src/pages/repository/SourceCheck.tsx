import { counted } from '@slipway/client/counted.ts';
import { useQuery } from '@tanstack/react-query';
import { sourceRefsQuery } from '../../api/source-queries.ts';
import { Failure } from '../../failure/Failure.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useRepository } from './use-repository.ts';

/** Connects to the source as a build does, and says what is wrong. */
export function SourceCheck() {
  const { namespace, name } = useRepository();
  const { data, error, isFetching, refetch } = useQuery({ ...sourceRefsQuery(namespace, name), enabled: false });
  return (
    <div className="source-check" role="status">
      <button type="button" disabled={isFetching} onClick={() => void refetch()}>
        {isFetching ? 'Connecting…' : 'Test the connection'}
      </button>
      {error && !isFetching && <Failure error={error} />}
      {data && !isFetching && (
        <span className={data.Problem === undefined ? 'good' : 'bad'}>
          <Icon name={data.Problem === undefined ? 'check' : 'error'} />{' '}
          {data.Problem === undefined
            ? `A build can read it: ${more(data.IsCut)}${counted(data.Branches.length, 'branch', 'branches')} and ${counted(data.Tags.length, 'tag')}.`
            : `A build could not read it: ${data.Problem}.`}
        </span>
      )}
    </div>
  );
}

function more(isCut: boolean): string {
  return isCut ? 'at least ' : '';
}
