import { useBlocker } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

/** Asks before another page, or the end of the tab, takes away what was entered. */
export function UnsavedChanges({ isChanged }: { isChanged(): boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isChanged(),
    enableBeforeUnload: isChanged,
    withResolver: true,
  });
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (status === 'blocked') dialog.current?.showModal();
    else dialog.current?.close();
  }, [status]);
  return (
    <dialog ref={dialog} className="question" aria-label="Unsaved changes" onCancel={() => reset?.()}>
      <p>What you entered is not saved.</p>
      <div className="form-end">
        <button type="button" className="primary" onClick={() => reset?.()}>
          Keep editing
        </button>
        <button type="button" className="danger" onClick={() => proceed?.()}>
          Discard changes
        </button>
      </div>
    </dialog>
  );
}
