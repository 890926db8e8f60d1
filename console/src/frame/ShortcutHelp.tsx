import { Dialog } from '../ui/Dialog.tsx';
import { useShortcutGroups } from '../ui/shortcuts.ts';
import '../styles/dialog.css';

/** The shortcuts of what is shown now. */
export function ShortcutHelp({ close }: { close(): void }) {
  // The longest first: the browser then makes both columns about as tall.
  const groups = useShortcutGroups().toSorted((a, b) => b.shortcuts.length - a.shortcuts.length);
  return (
    <Dialog label="Keyboard shortcuts" className="shortcut-help" close={close}>
      <div className="page-head">
        <h2>Keyboard shortcuts</h2>
        <span className="gap" />
        <button type="button" className="small" onClick={close}>
          Close
        </button>
      </div>
      <div className="shortcut-groups">
        {groups.map(({ title, shortcuts }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <dl>
              {shortcuts.map(([keys, does]) => (
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
          </section>
        ))}
      </div>
    </Dialog>
  );
}
