import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { docsPages } from './docs/docs-plugin.ts';

export default defineConfig({
  base: '/console/',
  plugins: [react(), docsPages()],
  // The content security policy allows no data: URLs and no inline script.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    rollupOptions: { input: ['index.html', 'docs.html'] },
  },
});
