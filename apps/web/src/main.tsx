import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { makeQueryClient } from './api/index.ts';
import { makeRouter } from './shell/router.tsx';
import { firstLang, loadTexts, SpeechProvider } from './texts/index.tsx';
import { Kit, setFirstScheme } from './ui/index.ts';

// Without this zod tries to compile its checks with `new Function`, which the content policy refuses.
config({ jitless: true });
setFirstScheme();
const lang = firstLang();
const [texts] = await Promise.all([loadTexts(lang), import('./ui/fonts.ts')]);
const place = document.getElementById('app');
if (!place) throw new Error('index.html has no #app');
createRoot(place).render(
  <StrictMode>
    <SpeechProvider lang={lang} first={texts}>
      <QueryClientProvider client={makeQueryClient()}>
        <Kit><RouterProvider router={makeRouter()} /></Kit>
      </QueryClientProvider>
    </SpeechProvider>
  </StrictMode>,
);
