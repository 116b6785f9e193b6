import { createBrowserRouter } from 'react-router';
import { FaultPage } from './shell/fault-page.js';
import { MissingPage } from './shell/missing-page.js';
import { Shell } from './shell/shell.js';

/** Every page is loaded when it is first opened. */
export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <FaultPage />,
    hydrateFallbackElement: <></>,
    children: [
      {
        errorElement: <FaultPage />,
        children: [
          { index: true, lazy: async () => ({ Component: (await import('./submit/submit-page.js')).SubmitPage }) },
          {
            path: 'leaderboard',
            lazy: async () => ({ Component: (await import('./board/board-page.js')).BoardPage }),
          },
          {
            path: 'comparisons/:comparisonId',
            lazy: async () => ({ Component: (await import('./comparison/comparison-page.js')).ComparisonPage }),
          },
          { path: 'apps/:appId', lazy: async () => ({ Component: (await import('./app/app-page.js')).AppPage }) },
          { path: 'staff', lazy: async () => ({ Component: (await import('./staff/staff-page.js')).StaffPage }) },
          {
            path: 'staff/unknown',
            lazy: async () => ({ Component: (await import('./staff/unknown-page.js')).UnknownPage }),
          },
          { path: 'staff/rules', lazy: async () => ({ Component: (await import('./rules/rules-page.js')).RulesPage }) },
          { path: 'traces', lazy: async () => ({ Component: (await import('./traces/traces-page.js')).TracesPage }) },
          {
            path: 'traces/:traceId',
            lazy: async () => ({ Component: (await import('./traces/trace-page.js')).TracePage }),
          },
          { path: '*', element: <MissingPage /> },
        ],
      },
    ],
  },
]);
