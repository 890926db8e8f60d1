import { useState } from 'react';

interface SureButtonProps {
  name: string;
  of: string;
  act(): void;
  busy: boolean;
  /** What it says before the second press. */
  ask?: string;
}

/** A button for an action that cannot be undone; it acts on the second press. */
export function SureButton({ name, of, act, busy, ask = `${name} it?` }: SureButtonProps) {
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
      {sure ? ask : name}
    </button>
  );
}
