import { useState } from 'react';
import { ApiProblem } from '../../api/index.ts';
import {
  Actions, Button, ButtonLink, Card, CardList, CopyBox, Details, Dialog, Drawer, Facts, FileLink, GoLink, KeyHint, Panel, PhoneBar, Prose, Section, Skeleton, StateNote,
  StateTag, Steps, StepOf, Tabs, UndoToast, useUndo,
} from '../../ui/index.ts';
import type { samples } from './texts.ts';

export type Samples = ReturnType<typeof samples>;
/** A day near now, so that dates look as they do in use. */
export const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

export function Basics({ s }: { s: Samples }) {
  return (
    <>
      <Section title={s.tags}>
        <Actions><StateTag state="done" /><StateTag state="done" word={s.tagWord} /><StateTag state="look" /><StateTag state="now" /><StateTag state="quiet" /></Actions>
      </Section>
      <Section title={s.buttons}>
        <Actions>
          <Button kind="main">{s.main}</Button><Button icon="ticket">{s.plain}</Button><Button kind="quiet">{s.quiet}</Button><Button kind="grave">{s.grave}</Button>
          <Button kind="main" busy>{s.busy}</Button><Button disabled>{s.off}</Button><ButtonLink to="/gallery/frame">{s.frameTitle}</ButtonLink><FileLink href="/gallery" icon="sheet">Excel</FileLink>
        </Actions>
      </Section>
      <Section title={s.cards}>
        <CardList>
          {[
            <Card key="1" state="now" title={s.card1} minutes={10} askedBy={s.desk} action={<Button kind="main">{s.main}</Button>} more={<GoLink to="/gallery">{s.plain}</GoLink>}>
              <p>{s.card1Why}</p>
              <Details summary={s.details}><p>{s.detailsText}</p></Details>
            </Card>,
            <Card key="2" title={s.card2} minutes={15} askedBy={s.desk} due="2026-11-30" action={<Button>{s.how}</Button>}><p>{s.card2Why}</p></Card>,
            <Card key="3" state="look" title={s.card3} minutes={5} action={<Button>{s.doneIt}</Button>}><p>{s.card3Why}</p></Card>,
          ]}
        </CardList>
        <Panel><Facts items={s.facts} /></Panel>
      </Section>
      <Section title={s.steps}>
        <StepOf n={2} all={3} />
        <Steps now={1} steps={s.stepList.map(([title, body]) => ({ title, body }))} />
      </Section>
      <Section title={s.small}>
        <Prose><p>{s.panel}</p></Prose>
        <Actions><KeyHint keys={['J', 'K']} word={s.keys} /></Actions>
        <CopyBox label={s.copyLabel} text="203.0.113.10:6514 (TLS)" />
        <PhoneBar number="043-123-4567" />
      </Section>
      <Section title={s.skeleton}><Skeleton lines={3} /><Skeleton cards={1} /></Section>
    </>
  );
}

export function Overlays({ s }: { s: Samples }) {
  const say = useUndo();
  const [open, setOpen] = useState<'dialog' | 'drawer' | null>(null);
  const close = () => setOpen(null);
  return (
    <Section title={s.over}>
      <Tabs label={s.tabs} tabs={[{ id: 'a', title: s.tab1, count: 2, content: <p>{s.tab1Text}</p> }, { id: 'b', title: s.tab2, content: <p>{s.tab2Text}</p> }]} />
      <Actions>
        <Button onClick={() => setOpen('dialog')}>{s.openDialog}</Button>
        <Button onClick={() => setOpen('drawer')}>{s.openDrawer}</Button>
        <Button onClick={() => say({ text: s.undoText, undo: () => {} })}>{s.undoTry}</Button>
      </Actions>
      <UndoToast text={s.undoText} undo={() => {}} onClose={() => {}} />
      <Dialog open={open === 'dialog'} onClose={close} title={s.dialogTitle}>
        <Prose><p>{s.dialogText}</p><Actions><Button kind="grave" onClick={close}>{s.dialogDo}</Button><Button kind="quiet" onClick={close}>{s.later}</Button></Actions></Prose>
      </Dialog>
      <Drawer open={open === 'drawer'} onClose={close} title={s.drawerTitle}><Facts items={s.facts} /></Drawer>
    </Section>
  );
}

export function States({ s }: { s: Samples }) {
  const problem = new ApiProblem({ type: 'about:blank', title: s.errTitle, status: 507, code: 'no_space', detail: s.errDetail, remedy: s.errRemedy, requestId: '0193-7c1f' });
  return (
    <Section title={s.pageStates}>
      <StateNote state={{ kind: 'empty', title: s.emptyTitle, why: s.emptyWhy, action: <Button kind="main">{s.emptyAction}</Button> }} />
      <StateNote state={{ kind: 'error', problem, retry: () => {} }} />
      <StateNote state={{ kind: 'forbidden', who: ['lead', 'manager'] }} />
      <StateNote state={{ kind: 'offline', retry: () => {} }} />
      <StateNote state={{ kind: 'tooMany' }} />
      <StateNote state={{ kind: 'notFound' }} />
    </Section>
  );
}
