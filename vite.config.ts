import { defineConfig } from 'vite';
import { offlineWorker } from './scripts/lib/offline.ts';
import { precompressedGuest } from './scripts/lib/precompressed.ts';

/** What makes a page cross-origin isolated, and so gives it SharedArrayBuffer. */
const isolationHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

export default defineConfig({
  // The built site may lie in any folder of a server.
  base: './',
  // Of each checkout its own: those that share their packages must not share what is made of them.
  cacheDir: '.cache/vite',
  // A missing file is an error, not the start page.
  appType: 'mpa',
  plugins: [precompressedGuest(isolationHeaders), offlineWorker()],
  // One file without imports: it runs as a module and as a classic script.
  worker: { format: 'iife' },
  // Found while the page loads, they would make the server reload it in the middle of its start.
  optimizeDeps: {
    include: [
      '@bjorn3/browser_wasi_shim',
      '@codemirror/autocomplete',
      '@codemirror/commands',
      '@codemirror/lang-python',
      '@codemirror/language',
      '@codemirror/lint',
      '@codemirror/state',
      '@codemirror/view',
      '@lezer/highlight',
      '@xterm/addon-fit',
      '@xterm/xterm',
      'codemirror',
      'comlink',
      'dompurify',
      'fflate',
      'idb-keyval',
      'lit',
      'lit/directives/guard.js',
      'lit/directives/keyed.js',
      'lit/directives/ref.js',
      'lit/directives/repeat.js',
      'lit/directives/until.js',
      'marked',
      'temml',
    ],
  },
  server: {
    headers: isolationHeaders,
    watch: { ignored: ['**/public/guest/**', '**/test-results/**', '**/dist/**'] },
  },
  preview: { headers: isolationHeaders },
  build: { outDir: 'dist/site', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 500 },
});
