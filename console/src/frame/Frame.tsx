import { callerPath } from '@slipway/client/caller-name.ts';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { SignIn } from '../session/SignIn.tsx';
import { type Session, signOut, useSession } from '../session/session.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { Icon } from '../ui/icons.tsx';
import { isTyping, useAskedHelp, useShortcuts } from '../ui/shortcuts.ts';
import { ThemeChoice } from '../ui/ThemeChoice.tsx';
import { Crumbs } from './Crumbs.tsx';
import { Menu } from './Menu.tsx';
import { PageAnnouncer } from './PageAnnouncer.tsx';
import { opensPalette } from './palette-key.ts';

const Palette = lazy(async () => ({ default: (await import('./palette/Palette.tsx')).Palette }));
const ShortcutHelp = lazy(async () => ({ default: (await import('./ShortcutHelp.tsx')).ShortcutHelp }));

const IS_APPLE = /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '');
const PALETTE_KEYS = IS_APPLE ? '⌘K' : 'Ctrl K';
const SHORTCUTS = [
  [[PALETTE_KEYS], 'find a build, repository, operation or page'],
  [['?'], 'show this list'],
  [['Esc'], 'close what is open'],
] as const;
/** From this width the menu is beside the page, as in frame.css. */
const WIDE = '(min-width: 1000px)';

/** The frame around every page. Without a session it shows the sign-in form. */
export function Frame() {
  const session = useSession();
  // Another user gets a new page, because a page keeps what it has read.
  if (session !== undefined && session !== 'unknown') return <SignedIn key={session.arn} session={session} />;
  return (
    <div className="content">
      <header className="entrance">
        <Brand />
        <span className="gap" />
        <a href="/docs/">Docs</a>
        <ThemeChoice />
      </header>
      {session === undefined && <SignIn />}
    </div>
  );
}

function SignedIn({ session }: { session: Session }) {
  const { pathname } = useLocation();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const menuButton = useRef<HTMLButtonElement>(null);
  const [dialog, setDialog] = useState<'palette' | 'help'>();
  const openPalette = () => setDialog('palette');
  const openHelp = useCallback(() => setDialog('help'), []);
  useShortcuts('Everywhere', SHORTCUTS);
  useFrameKeys(openPalette, openHelp);
  useAskedHelp(openHelp);
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new page closes the menu.
  useEffect(() => setMenuOpen(false), [pathname]);
  useEffect(() => {
    const wide = matchMedia(WIDE);
    const close = () => setMenuOpen(false);
    wide.addEventListener('change', close);
    return () => wide.removeEventListener('change', close);
  }, []);
  return (
    <div className="framed">
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to a part of the page, without changing the address. */}
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          // The part after # is the log's.
          event.preventDefault();
          document.querySelector<HTMLElement>('#content')?.focus();
        }}
      >
        Skip to content
      </a>
      <header className="frame">
        <div className="frame-top">
          <button
            ref={menuButton}
            type="button"
            className="icon-button menu-button"
            aria-label="Menu"
            aria-expanded={isMenuOpen}
            aria-controls="menu"
            onClick={() => setMenuOpen(!isMenuOpen)}
          >
            <Icon name={isMenuOpen ? 'cross' : 'menu'} />
          </button>
          <Brand />
          <button type="button" className="find" aria-label={`Find, ${PALETTE_KEYS}`} onClick={openPalette}>
            <Icon name="search" />
            <span className="find-words">Find…</span>
            <kbd>{PALETTE_KEYS}</kbd>
          </button>
        </div>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the menu from any of its links. */}
        <div
          id="menu"
          className={isMenuOpen ? 'pages-menu open' : 'pages-menu'}
          // Also a link to the page that is open, which changes no path.
          onClick={({ target }) => target instanceof Element && target.closest('a') && setMenuOpen(false)}
          onKeyDown={({ key }) => {
            if (key !== 'Escape' || !isMenuOpen) return;
            setMenuOpen(false);
            menuButton.current?.focus();
          }}
        >
          <Menu pathname={pathname} />
          <Who session={session} openHelp={openHelp} />
        </div>
      </header>
      <div id="content" className="content" tabIndex={-1} inert={isMenuOpen}>
        <Crumbs pathname={pathname} />
        <Outlet />
      </div>
      <PageAnnouncer pathname={pathname} />
      <Suspense>
        {dialog === 'palette' && <Palette close={() => setDialog(undefined)} openHelp={openHelp} />}
        {dialog === 'help' && <ShortcutHelp close={() => setDialog(undefined)} />}
      </Suspense>
    </div>
  );
}

function Brand() {
  return (
    <Link to="/" className="brand">
      <img className="mark" src="/console/icon.svg" alt="" width="20" height="20" />
      Slipway
    </Link>
  );
}

function Who({ session, openHelp }: { session: Session; openHelp(): void }) {
  return (
    <div className="frame-end">
      <Link to="/account" className="who" title={`Account: ${session.arn}`}>
        <Icon name="user" />
        <span>{callerPath(session.arn)}</span>
      </Link>
      <div className="frame-tools">
        <ThemeChoice />
        <IconButton icon="help" label="Keyboard shortcuts" shortcut="?" onClick={openHelp} />
        <span className="gap" />
        <IconButton icon="sign-out" label="Sign out" onClick={() => void signOut()} />
      </div>
    </div>
  );
}

/** The keys that work on every page. */
function useFrameKeys(openPalette: () => void, openHelp: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey } = event;
      if (opensPalette(event, IS_APPLE)) openPalette();
      else if (key === '?' && !ctrlKey && !metaKey && !altKey && !isTyping(event)) openHelp();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
}
