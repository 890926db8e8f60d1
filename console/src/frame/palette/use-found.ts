import type { EntryGroup } from './entry.ts';
import { useBuilds } from './use-builds.ts';
import { useDocs } from './use-docs.ts';
import { useOperations } from './use-operations.ts';
import { usePages } from './use-pages.ts';
import { useRepositories } from './use-repositories.ts';
import { useSettings } from './use-settings.ts';

/** What a text finds, by kind, and why some of it could not be searched. */
interface Found {
  groups: readonly EntryGroup[];
  errors: readonly unknown[];
  isBusy: boolean;
}

/** Searches everything that the palette knows; an empty text finds the pages and the latest builds. */
export function useFound(text: string, openHelp: () => void): Found {
  const pages = usePages(text, openHelp);
  const builds = useBuilds(text);
  const repositories = useRepositories(text);
  const operations = useOperations(text);
  const settings = useSettings(text);
  const docs = useDocs(text);
  const groups: EntryGroup[] = [
    { title: 'Pages', entries: pages },
    { title: text === '' ? 'Latest builds' : 'Builds', entries: builds.entries },
    { title: 'Repositories', entries: repositories.entries },
    { title: 'Operations', entries: operations },
    { title: 'Settings', entries: settings.entries },
    { title: 'Docs', entries: docs.entries },
  ];
  const asked = [builds, repositories, settings, docs];
  return {
    groups: groups.filter(({ entries }) => entries.length > 0),
    errors: asked.map(({ error }) => error).filter((error) => error !== null),
    isBusy: asked.some(({ isBusy }) => isBusy),
  };
}
