import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { signOut } from '../../session/session.ts';
import { chooseTheme, type Theme } from '../../ui/theme.ts';
import { isDocument, MENU } from '../places.ts';
import { type Entry, hasWords } from './entry.ts';

const THEMES: readonly [theme: Theme, label: string][] = [
  ['light', 'Light theme'],
  ['dark', 'Dark theme'],
  ['system', 'Theme of the system'],
];

/** The pages of the menu, the tabs of the registry's settings, and what the menu can do. */
export function usePages(text: string, openHelp: () => void): readonly Entry[] {
  const router = useRouter();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const all: Entry[] = MENU.flatMap(({ places }) => places)
    .filter((place) => isDocument(place) || place.to in router.routesByPath)
    .map((place) => ({
      key: place.to,
      label: place.label,
      detail: place.about,
      icon: place.icon,
      act: () => (isDocument(place) ? location.assign(place.to) : void navigate({ to: place.to, search: {} })),
    }));
  if (text === '') return all;
  for (const to of tabsIn(Object.keys(router.routesByPath)))
    all.push({
      key: to,
      label: labelOf(to),
      detail: to.startsWith('/registry/') ? 'setting of the registry' : `page of ${to.split('/')[1]}`,
      icon: 'settings',
      act: () => void navigate({ to }),
    });
  all.push({ key: 'account', label: 'Account', icon: 'user', act: () => void navigate({ to: '/account' }) });
  for (const [theme, label] of THEMES)
    all.push({ key: theme, label, icon: theme === 'dark' ? 'moon' : 'sun', act: () => chooseTheme(theme) });
  all.push({ key: 'help', label: 'Keyboard shortcuts', icon: 'help', act: openHelp });
  all.push({
    key: 'sign-out',
    label: 'Sign out',
    icon: 'sign-out',
    act: () => void signOut().then(() => queries.clear()),
  });
  return all.filter(({ label, detail = '' }) => hasWords(text, `${label} ${detail}`));
}

/** Addresses below another page that need no name of anything: tabs of settings. */
function tabsIn(paths: readonly string[]): string[] {
  return paths.filter((path) => /^\/[a-z]+\/[a-z-]+$/.test(path));
}

/** `/registry/addresses`: `Addresses`. */
function labelOf(path: string): string {
  const words = (path.split('/').at(-1) ?? '').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
