import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { InlineConfig, Plugin } from 'vite';

/** Every browser that may come here reads woff2; the older format would only double the files. */
const woff2Only: Plugin = {
  name: 'banya:woff2-only',
  enforce: 'pre',
  transform: {
    filter: { id: /@fontsource\/.*\.css$/ },
    handler: (code) => ({ code: code.replaceAll(/,\s*url\([^)]*\.woff\)\s*format\('woff'\)/g, ''), map: null }),
  },
};

/** @param gallery adds the gallery of building blocks (/gallery), which ordinary builds do not hold */
export const configFor = ({ gallery, outDir }: { gallery: boolean; outDir?: string }): InlineConfig => ({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), woff2Only],
  define: { __BANYA_GALLERY__: JSON.stringify(gallery) },
  build: {
    target: 'baseline-widely-available',
    ...(outDir ? { outDir, emptyOutDir: true } : {}),
    // No data: addresses, so that the content policy can stay at 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        // Libraries in chunks of their own: they stay in the browser's cache when the application changes.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'router', test: /node_modules\/@tanstack\// },
            { name: 'kit', test: /node_modules\/(@mantine|@floating-ui|tabbable|react-remove-scroll|react-style-singleton|use-callback-ref|use-sidecar|clsx)[\/]/ },
            { name: 'zod', test: /node_modules\/zod\// },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
});

export default configFor({ gallery: true });
