import { useState } from 'react';

/** Does something that cannot be undone, at the second press. */
export function SureButton({ name, of, act, busy }: { name: string; of: string; act(): void; busy: boolean }) {
  const [sure, setSure] = useState(false);
  return (
    <button
      type="button"
      className="small danger"
      // The name that is read out says of what, as there is one in each row.
      aria-label={sure ? `${name} ${of}?` : `${name} ${of}`}
      disabled={busy}
      onClick={() => (sure ? act() : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {sure ? `${name} it?` : name}
    </button>
  );
}
