import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Tabs } from '../Tabs.tsx';

const TABS = [
  ['/registry', 'Overview'],
  ['/registry/addresses', 'Addresses'],
  ['/registry/chains', 'Delivery chains'],
  ['/registry/replication', 'Replication'],
  ['/registry/subscriptions', 'Subscriptions'],
  ['/registry/scanning', 'Scanning'],
  ['/registry/retention', 'Retention'],
  ['/registry/events', 'Event rules'],
] as const;

/** What concerns all repositories, in tabs. */
export function RegistryPage() {
  const { pathname } = useLocation();
  const shown = TABS.find(([to]) => to === pathname)?.[1];
  return (
    <main>
      <PageTitle parts={[shown, 'Registry']} />
      <div className="page-head">
        <h1>Registry</h1>
        <span className="quiet">settings for all repositories</span>
      </div>
      <Tabs label="Registry">
        {TABS.map(([to, label]) => (
          <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }}>
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </main>
  );
}
