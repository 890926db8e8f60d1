import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A link to a line of the log on this page; only its text while the line is unknown. */
export function LineLink({
  id,
  line,
  title,
  children,
}: {
  id: string;
  line: number | undefined;
  title?: string;
  children: ReactNode;
}) {
  if (line === undefined) return <span title={title}>{children}</span>;
  return (
    <Link to="/builds/$id" params={{ id }} hash={`L${line}`} resetScroll={false} title={title}>
      {children}
    </Link>
  );
}
