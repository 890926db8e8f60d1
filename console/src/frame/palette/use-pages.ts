import { useNavigate } from '@tanstack/react-router';
import { ACCESS_TABS } from '../../pages/access/access-tabs.ts';
import { REGISTRY_TABS } from '../../pages/registry/registry-tabs.ts';
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
  const navigate = useNavigate();
  const all: Entry[] = MENU.flatMap(({ places }) => places).map((place) => ({
    key: place.to,
    label: place.label,
    detail: place.about,
    icon: place.icon,
    act: () => (isDocument(place) ? location.assign(place.to) : void navigate({ to: place.to, search: {} })),
  }));
  if (text === '') return all;
  for (const [to, label] of [...ACCESS_TABS, ...REGISTRY_TABS])
    if (to !== '/access' && to !== '/registry')
      all.push({
        key: to,
        label,
        detail: to.startsWith('/registry/') ? 'setting of the registry' : 'page of access',
        icon: 'settings',
        act: () => void navigate({ to }),
      });
  all.push({ key: 'account', label: 'Account', icon: 'user', act: () => void navigate({ to: '/account' }) });
  for (const [theme, label] of THEMES)
    all.push({ key: theme, label, icon: theme === 'dark' ? 'moon' : 'sun', act: () => chooseTheme(theme) });
  all.push({ key: 'help', label: 'Keyboard shortcuts', icon: 'help', act: openHelp });
  all.push({ key: 'sign-out', label: 'Sign out', icon: 'sign-out', act: () => void signOut() });
  return all.filter(({ label, detail = '' }) => hasWords(text, `${label} ${detail}`));
}
