import { Link } from '@tanstack/react-router';

/** A repository of images or charts as a line of a list. */
interface ListedRepository {
  /** The page that it links to. */
  to: '/repositories/$namespace/$name' | '/charts/$namespace/$name';
  namespace: string;
  name: string;
  summary?: string | undefined;
  type?: string | undefined;
  /** Whether it is being deleted. */
  isLeaving?: boolean;
}

/** A repository in a list: its name, its description, and who can pull from it. */
export function RepositoryRow({ to, namespace, name, summary, type, isLeaving = false }: ListedRepository) {
  return (
    <li>
      <div className="row-line">
        <Link to={to} params={{ namespace, name }}>
          {namespace}/{name}
        </Link>
        <span className="quiet">{summary}</span>
        <span className="gap" />
        <span className="quiet">{isLeaving ? 'is being deleted…' : type === 'PUBLIC' ? 'public' : 'private'}</span>
      </div>
    </li>
  );
}
