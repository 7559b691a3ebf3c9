import { Drawer as KitDrawer, Modal } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useTexts } from '../texts/index.tsx';
import css from './Dialog.module.css';

let openCount = 0;
// The kit's own scroll lock adds a <style> tag, which the content policy refuses; a class does the same.
function useScrollLock(open: boolean): void {
  useEffect(() => {
    if (!open) return;
    openCount += 1;
    document.documentElement.classList.add('dialogOpen');
    return () => {
      openCount -= 1;
      if (openCount === 0) document.documentElement.classList.remove('dialogOpen');
    };
  }, [open]);
}

interface Shown { open: boolean; onClose: () => void; title: string; children: ReactNode }

/** A question or short form over the page. Escape closes it, focus stays inside and returns to where it was. */
export function Dialog({ open, onClose, title, children }: Shown) {
  const t = useTexts();
  useScrollLock(open);
  return (
    <Modal.Root opened={open} onClose={onClose} lockScroll={false} centered size="34rem">
      <Modal.Overlay />
      <Modal.Content>
        {/* Not the kit's header: it is a <header>, which counts as a second banner of the document. */}
        <div className={css.head}><Modal.Title>{title}</Modal.Title><Modal.CloseButton aria-label={t.ui.dialogClose} /></div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** Details beside the page, from the right; fills the screen of a phone. */
export function Drawer({ open, onClose, title, children }: Shown) {
  const t = useTexts();
  useScrollLock(open);
  return (
    <KitDrawer.Root opened={open} onClose={onClose} lockScroll={false} position="right" size="min(32rem, 100vw)">
      <KitDrawer.Overlay />
      <KitDrawer.Content>
        <div className={css.head}><KitDrawer.Title>{title}</KitDrawer.Title><KitDrawer.CloseButton aria-label={t.ui.dialogClose} /></div>
        <KitDrawer.Body>{children}</KitDrawer.Body>
      </KitDrawer.Content>
    </KitDrawer.Root>
  );
}
