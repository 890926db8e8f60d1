import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { IconButton } from './IconButton.tsx';
import { Icon, type IconName } from './icons.tsx';

/** An entry of a menu. */
export interface MenuItem {
  icon: IconName;
  label: string;
  shortcut?: string | undefined;
  /** Whether what it switches is on; undefined if it switches nothing. */
  pressed?: boolean | undefined;
  act(): void;
}

/** A button that opens a menu: arrow keys move in it, Escape closes it. */
export function Menu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    place.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
    const onPointer = (event: PointerEvent) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('pointerdown', onPointer);
    return () => removeEventListener('pointerdown', onPointer);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    place.current?.querySelector('button')?.focus();
  };
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const entries = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]')];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const goal = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key];
    if (goal !== undefined) entries[goal % entries.length]?.focus();
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') setOpen(false);
    else return;
    if (event.key !== 'Tab') event.preventDefault();
  };
  return (
    <div ref={place} className="menu-place">
      <IconButton icon="more" label={label} expanded={isOpen} onClick={() => setOpen(!isOpen)} />
      {isOpen && (
        <div id={id} className="menu" role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKey}>
          {items.map(({ icon, label: name, shortcut, pressed, act }) => (
            <button
              key={name}
              type="button"
              {...(pressed === undefined
                ? { role: 'menuitem' }
                : { role: 'menuitemcheckbox', 'aria-checked': pressed })}
              tabIndex={-1}
              onClick={() => {
                close();
                act();
              }}
            >
              <Icon name={pressed ? 'check' : icon} />
              {name}
              {shortcut !== undefined && <kbd>{shortcut}</kbd>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
