import { useState } from 'react';
import { IconButton } from './IconButton.tsx';
import type { IconName } from './icons.tsx';

interface SureIconButtonProps {
  icon: IconName;
  label: string;
  /** What it says before the second press. */
  ask: string;
  busy: boolean;
  act(): void;
}

/** A button with an icon for an action that cannot be undone; it asks, and acts on the second press. */
export function SureIconButton({ icon, label, ask, busy, act }: SureIconButtonProps) {
  const [sure, setSure] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside has the role; its events bubble up to here.
    <span
      className={sure ? 'sure' : undefined}
      onBlur={() => setSure(false)}
      onKeyDown={(event) => event.key === 'Escape' && setSure(false)}
    >
      <IconButton
        icon={icon}
        label={sure ? ask : label}
        danger
        disabled={busy}
        onClick={() => {
          setSure(!sure);
          if (sure) act();
        }}
      >
        {sure ? ask : undefined}
      </IconButton>
    </span>
  );
}
