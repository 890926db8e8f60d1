import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { PageTitle } from '../../ui/PageTitle.tsx';
import { Tabs } from '../Tabs.tsx';
import { ACCESS_TABS } from './access-tabs.ts';
import '../../styles/administer.css';

/** Who may do what on this server, in tabs. */
export function AccessPage() {
  const { pathname } = useLocation();
  return (
    <main>
      <PageTitle parts={['Access']} />
      <div className="page-head">
        <h1>Access</h1>
        <span className="quiet">who may do what on this server</span>
      </div>
      <Tabs label="Access">
        {ACCESS_TABS.map(([to, label]) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === '/access', includeSearch: false }}
            {...(to === '/access' && pathname.startsWith('/access/users') ? { 'aria-current': 'page' } : {})}
          >
            {label}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </main>
  );
}
