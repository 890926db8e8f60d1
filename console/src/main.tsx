import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { mayAnswerLater } from './failure/api-failure.ts';
import { router } from './router.tsx';
import { onOtherUser, renewSession } from './session/session.ts';
import './styles/theme.css';
import './styles/page.css';
import './styles/controls.css';
import './styles/frame.css';
import './styles/tables.css';
import './styles/builds.css';
import './styles/build.css';
import './styles/build-head.css';
import './styles/timeline.css';
import './styles/pages.css';
import './styles/lists.css';
import './styles/states.css';
import './styles/log.css';
import './styles/log-toolbar.css';
import './styles/log-rows.css';
import './styles/log-text.css';

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: (count, error) => count < 3 && mayAnswerLater(error), refetchOnWindowFocus: true },
  },
});

// What one user may read, the next one may not.
onOtherUser(() => queries.clear());
void renewSession();
const place = document.getElementById('console');
if (place === null) throw new Error('index.html has no element for the console');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
