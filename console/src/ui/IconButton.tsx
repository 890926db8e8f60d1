import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Icon, type IconName } from './icons.tsx';

interface IconButtonProps {
  icon: IconName;
  /** What the button does: its accessible name, and the tooltip. */
  label: string;
  /** The key that does the same, as it is pressed: `w`, `Shift+N`. The tooltip shows it. */
  shortcut?: string | undefined;
  /** Whether what it switches is on; undefined if it switches nothing. */
  pressed?: boolean | undefined;
  /** Whether the menu that it opens is open; undefined if it opens none. */
  expanded?: boolean | undefined;
  disabled?: boolean | undefined;
  danger?: boolean | undefined;
  onClick(): void;
  /** Words beside the icon. They should begin as `label` does. */
  children?: ReactNode;
}

const EDGE_PX = 6;

/** A button with an icon. Its tooltip appears on hover and on focus by keyboard, and Escape hides it. */
export function IconButton({ icon, label, shortcut, onClick, children, danger, ...states }: IconButtonProps) {
  const { pressed, expanded, disabled } = states;
  const [isShown, setShown] = useState(false);
  return (
    <span className="icon-button-place" onPointerLeave={() => setShown(false)}>
      <button
        type="button"
        className={`icon-button${children === undefined ? '' : ' worded'}${danger ? ' danger' : ''}`}
        aria-label={label}
        aria-keyshortcuts={shortcut}
        aria-pressed={pressed}
        aria-expanded={expanded}
        aria-haspopup={expanded === undefined ? undefined : 'menu'}
        disabled={disabled}
        onClick={() => {
          setShown(false);
          onClick();
        }}
        onPointerEnter={(event) => setShown(event.pointerType === 'mouse')}
        onFocus={(event) => setShown(event.currentTarget.matches(':focus-visible'))}
        onBlur={() => setShown(false)}
      >
        <Icon name={icon} />
        {children}
      </button>
      {isShown && !expanded && <Tooltip label={label} shortcut={shortcut} hide={() => setShown(false)} />}
    </span>
  );
}

function Tooltip({ label, shortcut, hide }: { label: string; shortcut: string | undefined; hide(): void }) {
  const tip = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const element = tip.current;
    if (!element) return;
    // Centered below the button, but never past the edge of the window.
    const { left, right } = element.getBoundingClientRect();
    const shiftPx = Math.max(EDGE_PX - left, Math.min(0, document.documentElement.clientWidth - EDGE_PX - right));
    element.style.translate = `calc(-50% + ${Math.round(shiftPx)}px)`;
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [hide]);
  return (
    // The button already has this name.
    <span ref={tip} className="tooltip" aria-hidden="true">
      {label}
      {shortcut !== undefined && <kbd>{shortcut}</kbd>}
    </span>
  );
}
