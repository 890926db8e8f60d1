import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  // The content security policy allows no data: URLs and no inline script.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
});
