import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouteComponent,
} from '@tanstack/react-router';
import { type BuildFilters, filtersOf } from './api/build-filters.ts';
import type { TagSearch } from './api/repository-queries.ts';
import type { Period } from './api/statistics.ts';
import { Frame } from './frame/Frame.tsx';
import { PageError } from './frame/PageError.tsx';
import { PageLoading } from './frame/PageLoading.tsx';

/** What the list of builds shows; kept in the URL, so that a list can be shared as a link. */
export interface BuildListSearch extends BuildFilters {
  search?: string;
  cursor?: string;
}

/** What is searched for in logs, and in which. */
export interface LogSearchSearch extends BuildFilters {
  q?: string;
  regex?: true;
  matchcase?: true;
}

const root = createRootRoute({
  component: Frame,
  notFoundComponent: lazyRouteComponent(() => import('./pages/NotFound.tsx'), 'NotFound'),
});

// Each page loads on demand, while the session is renewed: what the others need delays no log.
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/home/Home.tsx'), 'Home'),
  validateSearch: ({ period }: Record<string, unknown>): { period?: Period } =>
    period === 'day' || period === 'week' || period === 'month' ? { period } : {},
});

const builds = createRoute({
  getParentRoute: () => root,
  path: '/builds',
  component: lazyRouteComponent(() => import('./pages/builds/BuildList.tsx'), 'BuildList'),
  validateSearch: (search: Record<string, unknown>): BuildListSearch => ({
    ...filtersOf(search),
    ...textOf(search, 'search'),
    ...textOf(search, 'cursor'),
  }),
});

const buildPage = () => import('./pages/build/BuildPage.tsx');
const build = createRoute({
  getParentRoute: () => root,
  path: '/builds/$id',
  component: lazyRouteComponent(buildPage, 'BuildPage'),
});
// Links in mails and chats lead to builds: the code of their page is asked for before anything is drawn. The router says if it fails.
if (location.pathname.startsWith('/console/builds/')) void buildPage().catch(() => undefined);

/** Searches all logs. */
const logSearch = createRoute({
  getParentRoute: () => root,
  path: '/search',
  component: lazyRouteComponent(() => import('./pages/builds/LogSearch.tsx'), 'LogSearch'),
  validateSearch: (search: Record<string, unknown>): LogSearchSearch => ({
    ...filtersOf(search),
    ...textOf(search, 'q'),
    ...(search.regex === true ? { regex: true } : {}),
    ...(search.matchcase === true ? { matchcase: true } : {}),
  }),
});

const diff = createRoute({
  getParentRoute: () => root,
  path: '/builds/$id/diff',
  component: lazyRouteComponent(() => import('./pages/diff/DiffPage.tsx'), 'DiffPage'),
  validateSearch: (search: Record<string, unknown>): { with?: string } => textOf(search, 'with'),
});

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

/** A tab of a repository. */
const tab = <Path extends string>(path: Path, component: RouteComponent) =>
  createRoute({ getParentRoute: () => repository, path, component });

const repositoryTabs = [
  tab(
    '/',
    lazyRouteComponent(() => import('./pages/repository/RepositoryBuilds.tsx'), 'RepositoryBuilds'),
  ),
  createRoute({
    getParentRoute: () => repository,
    path: 'tags',
    component: lazyRouteComponent(() => import('./pages/repository/TagList.tsx'), 'TagList'),
    validateSearch: ({ sort, ...search }: Record<string, unknown>): TagSearch => ({
      ...textOf(search, 'contains'),
      ...(sort === 'name' || sort === 'size' ? { sort } : {}),
      ...textOf(search, 'cursor'),
    }),
  }),
  tab(
    'rules',
    lazyRouteComponent(() => import('./pages/repository/RuleList.tsx'), 'RuleList'),
  ),
  tab(
    'source',
    lazyRouteComponent(() => import('./pages/repository/SourceCard.tsx'), 'SourceCard'),
  ),
  tab(
    'triggers',
    lazyRouteComponent(() => import('./pages/repository/TriggerList.tsx'), 'TriggerList'),
  ),
  tab(
    'secrets',
    lazyRouteComponent(() => import('./pages/repository/SecretList.tsx'), 'SecretList'),
  ),
  tab(
    'replication',
    lazyRouteComponent(() => import('./pages/repository/RepositoryReplication.tsx'), 'RepositoryReplication'),
  ),
  tab(
    'security',
    lazyRouteComponent(() => import('./pages/repository/RepositorySecurity.tsx'), 'RepositorySecurity'),
  ),
  tab(
    'settings',
    lazyRouteComponent(() => import('./pages/repository/RepositorySettings.tsx'), 'RepositorySettings'),
  ),
] as const;

const registry = createRoute({
  getParentRoute: () => root,
  path: '/registry',
  component: lazyRouteComponent(() => import('./pages/registry/RegistryPage.tsx'), 'RegistryPage'),
});

/** A tab of settings for all repositories. */
const part = <Path extends string>(path: Path, component: RouteComponent) =>
  createRoute({ getParentRoute: () => registry, path, component });

const registryParts = [
  part(
    '/',
    lazyRouteComponent(() => import('./pages/registry/Overview.tsx'), 'Overview'),
  ),
  part(
    'addresses',
    lazyRouteComponent(() => import('./pages/registry/Addresses.tsx'), 'Addresses'),
  ),
  part(
    'chains',
    lazyRouteComponent(() => import('./pages/registry/Chains.tsx'), 'Chains'),
  ),
  part(
    'replication',
    lazyRouteComponent(() => import('./pages/registry/Replication.tsx'), 'Replication'),
  ),
  part(
    'subscriptions',
    lazyRouteComponent(() => import('./pages/registry/Subscriptions.tsx'), 'Subscriptions'),
  ),
  part(
    'scanning',
    lazyRouteComponent(() => import('./pages/registry/Scanning.tsx'), 'Scanning'),
  ),
  part(
    'retention',
    lazyRouteComponent(() => import('./pages/registry/Retention.tsx'), 'Retention'),
  ),
  part(
    'events',
    lazyRouteComponent(() => import('./pages/registry/EventRules.tsx'), 'EventRules'),
  ),
] as const;

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

const access = () => import('./pages/access/access-pages.ts');
const accessRoute = createRoute({
  getParentRoute: () => root,
  path: '/access',
  component: lazyRouteComponent(access, 'AccessPage'),
});

/** A page of access. */
const accessPart = <Path extends string>(path: Path, component: RouteComponent) =>
  createRoute({ getParentRoute: () => accessRoute, path, component, validateSearch: textsOf });

const accessParts = [
  accessPart('/', lazyRouteComponent(access, 'UserList')),
  accessPart('users/$name', lazyRouteComponent(access, 'UserPage')),
  accessPart('groups', lazyRouteComponent(access, 'GroupList')),
  accessPart('groups/$name', lazyRouteComponent(access, 'GroupPage')),
  accessPart('roles', lazyRouteComponent(access, 'RoleList')),
  accessPart('roles/$name', lazyRouteComponent(access, 'RolePage')),
  accessPart('policies', lazyRouteComponent(access, 'PolicyList')),
  accessPart('policies/$type/$name', lazyRouteComponent(access, 'PolicyPage')),
  accessPart('who', lazyRouteComponent(access, 'WhoCan')),
  accessPart('simulator', lazyRouteComponent(access, 'Simulator')),
  accessPart('sign-in', lazyRouteComponent(access, 'SignInSettings')),
] as const;

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit',
  component: lazyRouteComponent(() => import('./pages/audit/AuditPage.tsx'), 'AuditPage'),
  validateSearch: textsOf,
});

const system = createRoute({
  getParentRoute: () => root,
  path: '/system',
  component: lazyRouteComponent(() => import('./pages/system/SystemPage.tsx'), 'SystemPage'),
});

const account = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/AccountPage.tsx'), 'AccountPage'),
});

/** The pages of the console and their addresses, below `/console`. */
export const router = createRouter({
  routeTree: root.addChildren([
    ...[home, builds, logSearch, build, diff, repositories, repository.addChildren(repositoryTabs)],
    ...[registry.addChildren(registryParts), charts, chartRepository],
    ...[explorer, explorerAction, account, accessRoute.addChildren(accessParts), audit, system],
  ]),
  basepath: '/console',
  // A page's code is fetched when someone points at its link.
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
  defaultPendingMs: 200,
  defaultErrorComponent: PageError,
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

/** Filters of a page, each a text; the page knows their names. */
function textsOf(search: Record<string, unknown>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)]));
}
