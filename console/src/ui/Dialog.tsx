import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface DialogProps {
  label: string;
  className: string;
  /** Called when it closes: by Escape, a click beside it, or the browser. */
  close(): void;
  children: ReactNode;
}

/** A dialog over the page. The browser keeps the focus in it, and gives it back when it closes. */
export function Dialog({ label, className, close, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isPressedBeside = useRef(false);
  useLayoutEffect(() => {
    // Closed before it is removed: only then does the browser return the focus.
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same as a click beside it.
    <dialog
      ref={dialog}
      aria-label={label}
      className={`dialog ${className}`}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onPointerDown={({ target, currentTarget }) => {
        isPressedBeside.current = target === currentTarget;
      }}
      onClick={({ target, currentTarget }) => {
        // A selection of text that ends beside the dialog is no click beside it.
        if (target === currentTarget && isPressedBeside.current) close();
      }}
    >
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
