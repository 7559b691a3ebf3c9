import { Drawer as KitDrawer, Modal } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useTexts } from '../texts/index.tsx';

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
    <Modal opened={open} onClose={onClose} title={title} lockScroll={false} centered size="34rem" closeButtonProps={{ 'aria-label': t.ui.dialogClose }}>
      {children}
    </Modal>
  );
}

/** Details beside the page, from the right; fills the screen of a phone. */
export function Drawer({ open, onClose, title, children }: Shown) {
  const t = useTexts();
  useScrollLock(open);
  return (
    <KitDrawer opened={open} onClose={onClose} title={title} lockScroll={false} position="right" size="min(32rem, 100vw)" closeButtonProps={{ 'aria-label': t.ui.dialogClose }}>
      {children}
    </KitDrawer>
  );
}
