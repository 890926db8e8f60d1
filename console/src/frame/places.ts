import type { IconName } from '../ui/icons.tsx';

/** An entry of the menu. */
export interface Place {
  /** Below `/console`, or the address of the documentation. */
  to: string;
  label: string;
  icon: IconName;
  /** What is there; the palette shows it. */
  about: string;
}

/** The menu: a group for each kind of work. */
export const MENU: readonly { title: string; places: readonly Place[] }[] = [
  {
    title: 'Build',
    places: [
      { to: '/', label: 'Home', icon: 'home', about: 'what runs, and how builds went' },
      { to: '/builds', label: 'Builds', icon: 'list', about: 'every build, newest first' },
      { to: '/repositories', label: 'Repositories', icon: 'box', about: 'images, rules, sources and triggers' },
      { to: '/charts', label: 'Charts', icon: 'wheel', about: 'chart repositories for Helm' },
      { to: '/search', label: 'Search', icon: 'search', about: 'a text in the logs of all builds' },
    ],
  },
  {
    title: 'Administer',
    places: [
      { to: '/registry', label: 'Registry', icon: 'settings', about: 'settings for all repositories' },
      { to: '/access', label: 'Access', icon: 'key', about: 'users, groups, roles, policies and keys' },
      { to: '/audit', label: 'Audit', icon: 'shield', about: 'who called what, and when' },
      { to: '/system', label: 'System', icon: 'server', about: 'machines, disk, versions and settings' },
    ],
  },
  {
    title: 'Learn',
    places: [
      { to: '/explorer', label: 'API', icon: 'code', about: 'every operation, with a form that calls it' },
      { to: '/docs/', label: 'Docs', icon: 'book', about: 'the documentation of this version' },
    ],
  },
];

/** The documentation is not a page of the console: its link loads another document. */
export function isDocument(place: Place): boolean {
  return place.to === '/docs/';
}
