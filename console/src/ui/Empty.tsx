import type { ReactNode } from 'react';

interface EmptyProps {
  /** What is missing, and what would fill it, in a sentence or two. */
  children: ReactNode;
  /** A button or link that leads on. */
  action?: ReactNode;
}

/** Shown instead of a list that has no entries. */
export function Empty({ children, action }: EmptyProps) {
  return (
    <div className="empty quiet">
      <p>{children}</p>
      {action}
    </div>
  );
}
