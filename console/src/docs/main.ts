import '../styles/theme.css';
import '../styles/page.css';
import './head.css';
import './docs.css';
import './code.css';
import './search.css';
import { chooseTheme, chosenTheme, type Theme } from '../ui/theme.ts';
import { addCopyButtons } from './copy-buttons.ts';
import { startSearch } from './search.ts';

const theme = document.querySelector<HTMLSelectElement>('#theme');
if (theme !== null) {
  theme.value = chosenTheme();
  theme.addEventListener('change', () => chooseTheme(theme.value as Theme));
  theme.hidden = false;
}
addCopyButtons();
startSearch();
