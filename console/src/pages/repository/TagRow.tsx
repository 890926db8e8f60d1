import type { ImageTag } from '@slipway/client/native.gen.ts';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Failure } from '../../failure/Failure.tsx';
import { currentClient, currentSession } from '../../session/session.ts';
import { Ago } from '../../ui/Ago.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { formatBytes } from '../../ui/durations.ts';
import { SureButton } from '../../ui/SureButton.tsx';
import { CopyTag } from './CopyTag.tsx';
import { PullWays } from './PullWays.tsx';

/** A tag: how large and old its image is, for which platforms, where it comes from, who pulled it, and how to pull it. */
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
  const { Tag: tag, Digest: digest, Platforms: platforms = [] } = image;
  const key = { InstanceId: currentSession().instanceId, RepoId, Tag: tag };
  const remove = useMutation({ mutationFn: () => currentClient().call('DeleteRepoTag', key), onSuccess: done });
  return (
    <li>
      <div className="row-line">
        <strong className="tag-name">{tag}</strong>
        <span>{formatBytes(image.SizeBytes)}</span>
        {platforms.length > 0 && <span>{platforms.join(', ')}</span>}
        <Age of={image} />
        <Pulls of={image} />
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
      <PullWays tag={tag}>
        <Origin of={image} />
        <span className="digest">
          <code className="quiet" title={digest}>
            {digest.slice(0, 19)}…
          </code>{' '}
          <CopyButton text={digest} what={`digest of ${tag}`} />
        </span>
      </PullWays>
      {isCopying && <CopyTag of={{ namespace, name, repoId: RepoId, tag }} leave={() => setIsCopying(false)} />}
      {props.children}
      {remove.error && <Failure error={remove.error} />}
    </li>
  );
}

function Age({ of: { UpdateTime, PushedBy } }: { of: ImageTag }) {
  return (
    <span className="quiet">
      set <Ago at={UpdateTime} />
      {PushedBy !== undefined && ` by ${PushedBy.replace(/^.*[:/]/, '')}`}
    </span>
  );
}

/** A tag can be new and its image not, and clients that have an image already only ask for its tag. */
function Pulls({ of: { LastPullTime, PullCount } }: { of: ImageTag }) {
  if (LastPullTime === undefined && PullCount === 0) return <span className="quiet">never pulled</span>;
  return (
    <span className="quiet">
      {PullCount > 0 && `pulled ${PullCount === 1 ? 'once' : `${PullCount.toLocaleString('en')} times`}`}
      {PullCount > 0 && LastPullTime !== undefined && ', '}
      {LastPullTime !== undefined && (
        <>
          last {PullCount === 0 && 'pulled '}
          <Ago at={LastPullTime} />
        </>
      )}
    </span>
  );
}

const ORIGINS: Readonly<Record<ImageTag['Origin'], string>> = {
  push: 'pushed by a client',
  build: 'of a build that is not kept any more',
  copy: 'copied from another tag',
  sync: 'replicated from another instance or registry',
  subscription: 'mirrored from another registry',
  convert: 'converted from another tag',
  restore: 'restored',
  retag: 'another tag’s image',
  adopted: 'in the registry from before it was recorded',
};

/** The build that made the image and its commit, or else how the image came here. */
function Origin({ of: { BuildRecordId: id, BuildTime, CommitId, Origin: origin } }: { of: ImageTag }) {
  if (id === undefined) return <span className="quiet">{ORIGINS[origin]}</span>;
  return (
    <span className="origin">
      <Link to="/builds/$id" params={{ id }}>
        built
        {BuildTime !== undefined && (
          <>
            {' '}
            <Ago at={BuildTime} />
          </>
        )}
      </Link>
      {CommitId !== undefined && (
        <>
          {' '}
          from <code title={CommitId}>{CommitId.slice(0, 7)}</code>
        </>
      )}
    </span>
  );
}
