import { useState } from 'react';

/** A button for an action that cannot be undone; it acts on the second press. */
export function SureButton({ name, of, act, busy }: { name: string; of: string; act(): void; busy: boolean }) {
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      className="small danger"
      // Each row has such a button, so its accessible name says which row it belongs to.
      aria-label={sure ? `${name} ${of}?` : `${name} ${of}`}
      disabled={busy}
      onClick={() => (sure ? act() : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {sure ? `${name} it?` : name}
    </button>
  );
}
