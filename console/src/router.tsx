import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import type { Period } from './api/statistics.ts';
import { BuildPage } from './pages/build/BuildPage.tsx';
import { BuildList } from './pages/builds/BuildList.tsx';
import { Frame } from './pages/Frame.tsx';
import { Home } from './pages/home/Home.tsx';
import { NotFound } from './pages/NotFound.tsx';

/** What the list of builds shows; kept in the URL, so that a list can be shared as a link. */
export interface BuildListSearch {
  repository?: string;
  status?: string;
  cursor?: string;
}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: Home,
  validateSearch: ({ period }: Record<string, unknown>): { period?: Period } =>
    period === 'day' || period === 'week' || period === 'month' ? { period } : {},
});

const builds = createRoute({
  getParentRoute: () => root,
  path: '/builds',
  component: BuildList,
  validateSearch: (search: Record<string, unknown>): BuildListSearch => ({
    ...textOf(search, 'repository'),
    ...textOf(search, 'status'),
    ...textOf(search, 'cursor'),
  }),
});

const build = createRoute({ getParentRoute: () => root, path: '/builds/$id', component: BuildPage });

// The pages below load on demand, so that a log opens quickly.
const repositories = createRoute({
  getParentRoute: () => root,
  path: '/repositories',
  component: lazyRouteComponent(() => import('./pages/repository/RepositoryList.tsx'), 'RepositoryList'),
  validateSearch: (search: Record<string, unknown>): { name?: string; page?: number } => ({
    ...textOf(search, 'name'),
    ...(Number(search.page) > 1 ? { page: Number(search.page) } : {}),
  }),
});

const repository = createRoute({
  getParentRoute: () => root,
  path: '/repositories/$namespace/$name',
  component: lazyRouteComponent(() => import('./pages/repository/RepositoryPage.tsx'), 'RepositoryPage'),
});

const charts = createRoute({
  getParentRoute: () => root,
  path: '/charts',
  component: lazyRouteComponent(() => import('./pages/chart/ChartRepositoryList.tsx'), 'ChartRepositoryList'),
});

const chartRepository = createRoute({
  getParentRoute: () => root,
  path: '/charts/$namespace/$name',
  component: lazyRouteComponent(() => import('./pages/chart/ChartRepositoryPage.tsx'), 'ChartRepositoryPage'),
  validateSearch: (search: Record<string, unknown>): { page?: number } =>
    Number(search.page) > 1 ? { page: Number(search.page) } : {},
});

const explorer = createRoute({
  getParentRoute: () => root,
  path: '/explorer',
  component: lazyRouteComponent(() => import('./pages/explorer/CoveragePage.tsx'), 'CoveragePage'),
});

const explorerAction = createRoute({
  getParentRoute: () => root,
  path: '/explorer/$action',
  // The parameters of the call, whatever their names.
  validateSearch: (search: Record<string, unknown>) => search,
  component: lazyRouteComponent(() => import('./pages/explorer/OperationPage.tsx'), 'OperationPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/AccountPage.tsx'), 'AccountPage'),
});

/** The pages of the console and their addresses, below `/console`. */
export const router = createRouter({
  routeTree: root.addChildren([
    ...[home, builds, build, repositories, repository, charts, chartRepository],
    ...[explorer, explorerAction, account],
  ]),
  basepath: '/console',
  // The log moves to its lines itself.
  defaultHashScrollIntoView: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

function textOf<Name extends string>(search: Record<string, unknown>, name: Name): { [name in Name]?: string } {
  const value = search[name];
  return value === undefined || value === '' ? {} : ({ [name]: String(value) } as { [name in Name]?: string });
}
