import type { ImageTag } from '@slipway/client/native.gen.ts';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { currentClient, currentSession } from '../../session/session.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatAge, formatBytes } from '../../ui/durations.ts';
import { SureButton } from '../../ui/SureButton.tsx';
import { CopyTag } from './CopyTag.tsx';

/** A tag: how large its image is, who set it, when it was pulled last, the build that made it and its pull command. */
export function TagRow(props: {
  tag: ImageTag;
  repository: string;
  repoId: string;
  mayDelete: boolean;
  mayCopy: boolean;
  done(): void;
  /** What else is known of its image. */
  children: ReactNode;
}) {
  const { tag: image, repository, repoId: RepoId, mayDelete, mayCopy, done } = props;
  const [isCopying, setIsCopying] = useState(false);
  const [namespace = '', name = ''] = repository.split('/');
  const { Tag: tag, Digest: digest, BuildRecordId: id } = image;
  const command = `docker pull ${location.host.replace(/^\[::1\]/, '127.0.0.1')}/${repository}:${tag}`;
  const key = { InstanceId: currentSession().instanceId, RepoId, Tag: tag };
  const remove = useMutation({ mutationFn: () => currentClient().call('DeleteRepoTag', key), onSuccess: done });
  const age = (timeMs: number) => formatAge(Date.now() - timeMs);
  return (
    <li>
      <div className="row-line">
        <strong>{tag}</strong>
        <span>{formatBytes(image.SizeBytes)}</span>
        <code className="quiet" title={digest}>
          {digest.slice(0, 19)}…
        </code>
        <span className="quiet">
          set {age(image.UpdateTime)}
          {image.PushedBy !== undefined && ` by ${image.PushedBy.replace(/^.*[:/]/, '')}`},{' '}
          {image.LastPullTime === undefined ? 'never pulled' : `pulled ${age(image.LastPullTime)}`}
        </span>
        {id && (
          <Link to="/builds/$id" params={{ id }}>
            build{image.BuildTime === undefined ? '' : ` of ${age(image.BuildTime)}`}
          </Link>
        )}
        <span className="row-buttons">
          {mayCopy && RepoId !== '' && (
            <button
              type="button"
              className="small"
              aria-label={`Copy tag ${tag}`}
              onClick={() => setIsCopying(!isCopying)}
            >
              Copy…
            </button>
          )}
          {mayDelete && RepoId !== '' && (
            <SureButton name="Delete" of={tag} act={() => remove.mutate()} busy={remove.isPending} />
          )}
        </span>
      </div>
      <div className="row-line">
        <code>{command}</code> <CopyButton text={command} what={`pull command for ${tag}`} />
      </div>
      {isCopying && <CopyTag of={{ namespace, name, repoId: RepoId, tag }} leave={() => setIsCopying(false)} />}
      {props.children}
      {remove.error && <Failure error={remove.error} />}
    </li>
  );
}
