import { useLang } from '../../texts/index.tsx';
import { Page } from '../../ui/index.ts';
import { Basics, Overlays, States } from './Basics.tsx';
import { Forms } from './Forms.tsx';
import { Lists } from './Lists.tsx';
import { Pictures } from './Pictures.tsx';
import { SampleFrame } from './FramePage.tsx';
import { samples } from './texts.ts';

/** The living gallery: every building block in every state, also what the accessibility test walks. */
export default function GalleryPage() {
  const s = samples(useLang().lang);
  return (
    <SampleFrame><Page title={s.title} lead={s.lead}>
      <Basics s={s} />
      <Lists s={s} />
      <Forms s={s} />
      <Pictures s={s} />
      <Overlays s={s} />
      <States s={s} />
    </Page></SampleFrame>
  );
}
