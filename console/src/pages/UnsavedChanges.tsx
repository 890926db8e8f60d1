import { useBlocker } from '@tanstack/react-router';
import { Dialog } from '../ui/Dialog.tsx';
import '../styles/dialog.css';

/** Asks before another page, or the end of the tab, takes away what was entered. */
export function UnsavedChanges({ isChanged }: { isChanged(): boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && isChanged(),
    enableBeforeUnload: isChanged,
    withResolver: true,
  });
  if (status !== 'blocked') return null;
  return (
    <Dialog label="Unsaved changes" className="question" close={reset}>
      <p>What you entered is not saved.</p>
      <div className="form-end">
        <button type="button" className="primary" onClick={reset}>
          Keep editing
        </button>
        <button type="button" className="danger" onClick={proceed}>
          Discard changes
        </button>
      </div>
    </Dialog>
  );
}
