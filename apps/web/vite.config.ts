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
  },
  server: { proxy: { '/api': 'http://localhost:8080' } },
});

export default configFor({ gallery: true });
