import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Tabs } from '../Tabs.tsx';
import { REGISTRY_TABS } from './registry-tabs.ts';

/** What concerns all repositories, in tabs. */
export function RegistryPage() {
  const { pathname } = useLocation();
  const shown = REGISTRY_TABS.find(([to]) => to === pathname)?.[1];
  return (
    <main>
      <PageTitle parts={[shown, 'Registry']} />
      <div className="page-head">
        <h1>Registry</h1>
        <span className="quiet">settings for all repositories</span>
      </div>
      <Tabs label="Registry">
        {REGISTRY_TABS.map(([to, label]) => (
          <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }}>
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </main>
  );
}
