import { useEffect, useRef } from 'react';
import { FOCUSED_KEYS, LOG_KEYS } from './log-keys.ts';

/** The keys of a log, in a dialog. */
export function LogHelp({ close }: { close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="log-help" aria-labelledby="log-help-name" onClose={close}>
      <h2 id="log-help-name">Keys of the log</h2>
      <Keys of={LOG_KEYS} />
      <p className="quiet">While the log has the focus, also:</p>
      <Keys of={FOCUSED_KEYS} />
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

function Keys({ of }: { of: typeof LOG_KEYS }) {
  return (
    <dl>
      {of.map(([keys, does]) => (
        <div key={does}>
          <dt>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
