import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { BuildPage } from './pages/build/BuildPage.tsx';
import { BuildList } from './pages/builds/BuildList.tsx';
import { Frame } from './pages/Frame.tsx';
import { NotFound } from './pages/NotFound.tsx';

/** What the list of builds shows; in the URL, so that a list can be sent to somebody. */
export interface BuildListSearch {
  repository?: string;
  status?: string;
  cursor?: string;
}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });

const builds = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: BuildList,
  validateSearch: (search: Record<string, unknown>): BuildListSearch => ({
    ...textOf(search, 'repository'),
    ...textOf(search, 'status'),
    ...textOf(search, 'cursor'),
  }),
});

const build = createRoute({ getParentRoute: () => root, path: '/builds/$id', component: BuildPage });

/** The pages of the console and their addresses, below `/console`. */
export const router = createRouter({
  routeTree: root.addChildren([builds, build]),
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
