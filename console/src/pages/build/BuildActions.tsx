import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type BuildDetail, isFinal } from '../../api/build.ts';
import { Failure } from '../../failure/Failure.tsx';
import { repositoryResource, useMay } from '../../session/may.ts';
import { currentClient } from '../../session/session.ts';

/** What the caller may do with a build: cancel it, or build the same source again. */
export function BuildActions({ build }: { build: BuildDetail }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { InstanceId, RepoId, BuildRecordId } = build;
  const key = { InstanceId, RepoId, BuildRecordId };
  const resource = repositoryResource(build.Repository);
  const [mayCancel, mayRebuild] = useMay([
    { action: 'cr:CancelBuildRepository', resource },
    { action: 'cr:BuildRepositoryByRecord', resource },
  ]);
  const cancel = useMutation({
    mutationFn: () => currentClient().call('CancelRepoBuildRecord', key),
    onSettled: () => queries.invalidateQueries({ queryKey: ['build', BuildRecordId] }),
  });
  const rebuild = useMutation({
    mutationFn: () => currentClient().call('CreateBuildRecordByRecord', key),
    onSuccess: ({ BuildRecordId: id = '' }) => navigate({ to: '/builds/$id', params: { id } }),
  });
  const failure = cancel.error ?? rebuild.error;
  const over = isFinal(build.Status);
  return (
    <>
      {!over && mayCancel && (
        <button
          type="button"
          className="danger"
          onClick={() => cancel.mutate()}
          disabled={cancel.isPending || cancel.isSuccess}
        >
          {cancel.isSuccess ? 'Cancelling…' : 'Cancel build'}
        </button>
      )}
      {over && mayRebuild && build.Source.Kind !== 'archive' && (
        <button type="button" onClick={() => rebuild.mutate()} disabled={rebuild.isPending}>
          {rebuild.isPending ? 'Queuing…' : 'Rebuild'}
        </button>
      )}
      {over && mayRebuild && build.Source.Kind === 'archive' && (
        <span className="quiet">Slipway does not keep the folder you sent; send it again to rebuild.</span>
      )}
      {failure && <Failure error={failure} />}
    </>
  );
}
