import { Link } from '@tanstack/react-router';
import { Icon } from '../ui/icons.tsx';
import { isDocument, MENU, type Place } from './places.ts';

/** The menu of all pages, with the current one marked. */
export function Menu({ pathname }: { pathname: string }) {
  return (
    <nav aria-label="Pages">
      {MENU.map(({ title, places }) => (
        <div key={title} className="menu-group">
          <p className="menu-title">{title}</p>
          <ul>
            {places.map((place) => (
              <li key={place.to}>
                <Entry place={place} isCurrent={isWithin(pathname, place)} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Entry({ place, isCurrent }: { place: Place; isCurrent: boolean }) {
  const content = (
    <>
      <Icon name={place.icon} />
      {place.label}
    </>
  );
  if (isDocument(place)) return <a href={place.to}>{content}</a>;
  return (
    <Link to={place.to} search={{}} aria-current={isCurrent ? 'page' : undefined}>
      {content}
    </Link>
  );
}

/** Whether a path is the place's own or below it. */
function isWithin(pathname: string, { to }: Place): boolean {
  return pathname === to || (to !== '/' && pathname.startsWith(`${to}/`));
}
