import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type BuildDetail, isFinal } from '../../api/build.ts';
import { Failure } from '../../failure/Failure.tsx';
import { downloadLog } from '../../log/copy-lines.ts';
import { repositoryResource, useMay } from '../../session/may.ts';
import { currentClient } from '../../session/session.ts';
import { IconButton } from '../../ui/IconButton.tsx';
import { SureIconButton } from '../../ui/SureIconButton.tsx';
import { useCopy } from '../../ui/use-copy.ts';
import { useEndNotice } from './use-end-notice.ts';

/** What a reader may do with a build: be told when it ends, cancel it, build it again, save its log, and share its address. */
export function BuildActions({ build }: { build: BuildDetail }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [said, setSaid] = useState('');
  const [copied, copyLink] = useCopy(location.href);
  const notice = useEndNotice(build);
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
  const download = useMutation({ mutationFn: () => downloadLog(BuildRecordId) });
  const copy = () => {
    setSaid('');
    copyLink();
  };
  const failure = cancel.error ?? rebuild.error ?? download.error;
  const over = isFinal(build.Status);
  const isSent = build.Source.Kind === 'archive';
  return (
    <div className="build-actions">
      {/* Errors and answers come before the buttons, so that these stay where they are. */}
      <p className="build-said" role="status">
        {notice.problem ?? (copied || said)}
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for the fields of a form. */}
      <div role="group" aria-label="Actions" className="build-buttons">
        {notice.possible && (
          <IconButton
            icon="bell"
            label="Tell me when it ends"
            pressed={notice.on}
            onClick={() => void notice.toggle().then(setSaid)}
          />
        )}
        <IconButton icon="link" label="Copy link" onClick={copy} />
        {build.LogExpireTime === undefined && build.LineCount > 0 && (
          <IconButton icon="download" label="Download log" onClick={() => download.mutate()} />
        )}
        {over && mayRebuild && (
          <IconButton
            icon="rebuild"
            label="Rebuild"
            disabled={rebuild.isPending}
            onClick={() => (isSent ? setSaid(sendAgain(build)) : rebuild.mutate())}
          >
            {isSent ? undefined : <span className="rebuild-word">Rebuild</span>}
          </IconButton>
        )}
        {!over && mayCancel && (
          <SureIconButton
            icon="stop"
            label="Cancel build"
            ask="Cancel it?"
            busy={cancel.isPending || build.Cancellation !== undefined}
            act={() => cancel.mutate()}
          />
        )}
      </div>
      {failure && <Failure error={failure} />}
    </div>
  );
}

function sendAgain({ Repository: repository, ImageTag: tag }: BuildDetail): string {
  return `Slipway does not keep the folder you sent. Send it again: slipway build FOLDER --tag ${repository}:${tag}`;
}
