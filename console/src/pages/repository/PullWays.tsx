import { useState } from 'react';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { dockerPull, pullWays } from './pull-commands.ts';
import { useRepository } from './use-repository.ts';

/** The pull command of a tag; folded below it are the login that it needs and the commands of other tools. */
export function PullWays({ tag }: { tag: string }) {
  const { repository, data } = useRepository();
  const [isOpen, setIsOpen] = useState(false);
  const host = location.host.replace(/^\[::1\]/, '127.0.0.1');
  const command = dockerPull({ host, repository, tag });
  return (
    <>
      <div className="row-line pull-line">
        <code>{command}</code> <CopyButton text={command} what={`pull command for ${tag}`} />
      </div>
      <details className="row-more" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>
          Login and other tools<span className="unseen"> for {tag}</span>
        </summary>
        {isOpen && (
          <Ways
            image={{
              host,
              repository,
              tag,
              isPublic: data?.RepoType === 'PUBLIC',
              isPlainHttp: location.protocol === 'http:',
            }}
          />
        )}
      </details>
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

function Command({ label, text, what }: { label: string; text: string; what: string }) {
  return (
    <div className="command">
      <span>{label}</span> <CopyButton text={text} what={what} />
      <pre>{text}</pre>
    </div>
  );
}
