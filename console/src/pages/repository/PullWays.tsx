import { type ReactNode, useId, useState } from 'react';
import { Command } from '../../ui/Command.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { registryHost } from '../registry-host.ts';
import { dockerPull, pullWays } from './pull-commands.ts';
import { useRepository } from './use-repository.ts';

/**
 * A line with the pull command of a tag, after what else belongs there. A button opens the login that it needs and the commands of
 * other tools.
 */
export function PullWays({ tag, children }: { tag: string; children: ReactNode }) {
  const { repository, data } = useRepository();
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const host = registryHost();
  const command = dockerPull({ host, repository, tag });
  const isPublic = data?.RepoType === 'PUBLIC';
  const isPlainHttp = location.protocol === 'http:';
  return (
    <>
      <div className="row-line">
        {children}
        <span className="pull">
          <code>{command}</code> <CopyButton text={command} what={`pull command for ${tag}`} />{' '}
          <button
            type="button"
            className="small"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => setIsOpen(!isOpen)}
          >
            Login and other tools<span className="unseen"> for {tag}</span>
          </button>
        </span>
      </div>
      {isOpen && (
        <div id={id} className="row-more">
          <Ways image={{ host, repository, tag, isPublic, isPlainHttp }} />
        </div>
      )}
    </>
  );
}

function Ways({ image }: { image: Parameters<typeof pullWays>[0] }) {
  const ways = pullWays(image);
  const [at, setAt] = useState('docker');
  const way = ways.find(({ name }) => name === at);
  if (way === undefined) return null;
  return (
    <>
      <fieldset className="choice">
        <legend className="unseen">Tool</legend>
        {ways.map(({ name }) => (
          <button key={name} type="button" className="small" aria-pressed={name === at} onClick={() => setAt(name)}>
            {name}
          </button>
        ))}
      </fieldset>
      {way.login === undefined ? (
        <p className="quiet">Anyone may pull: no login is needed.</p>
      ) : (
        <Command label="1. Log in" text={way.login} what={`login for ${at}`} />
      )}
      <Command label={way.login === undefined ? 'Pull' : '2. Pull'} text={way.pull} what={`pull command for ${at}`} />
    </>
  );
}
