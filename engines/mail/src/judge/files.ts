/** What the attachments are, against what they say they are. */
import type { FileFacts, FileFlag, Signal } from '../types.ts';
import { ofFile, signal } from './evidence.ts';
import type { Scene } from './scene.ts';

/** Flags that stand for one signal each, the worst first. */
const SIGNALS: readonly (readonly [code: string, flags: readonly FileFlag[]])[] = [
  ['file_executable', ['executable']],
  ['file_script', ['script']],
  ['file_shortcut', ['shortcut']],
  ['file_disk_image', ['disk_image']],
  ['file_onenote', ['onenote']],
  ['file_disguised', ['double_extension', 'rtlo']],
  ['file_dangerous_inside', ['dangerous_inside']],
  ['file_bomb', ['archive_bomb']],
  ['file_macro_acts', ['macro_autoexec', 'macro_downloads']],
  ['file_macro', ['macro']],
  ['file_template', ['external_template', 'dde', 'embedded_object']],
  ['file_html_form', ['html_form']],
  ['file_html_script', ['html_obfuscated', 'html_redirect', 'html_script', 'svg_script']],
  ['file_pdf_acts', ['pdf_javascript', 'pdf_launch']],
  ['file_type_mismatch', ['type_mismatch']],
  ['file_pdf_link', ['pdf_link']],
];

export function fileSignals(scene: Scene): Signal[] {
  const { files, trusted, knowledge, fromDomain, asks, passage } = scene;
  const out: Signal[] = [];
  const said = new Set<string>();
  for (const [code, flags] of SIGNALS) {
    const file = files.find((one) => flags.some((flag) => one.flags.includes(flag)) && !(code === 'file_script' && said.has(one.name)));
    if (file === undefined) continue;
    if (code === 'file_macro' && out.some((one) => one.code === 'file_macro_acts')) continue;
    // Offices and partners send each other macros and pages; from them it is a reason to ask, told by the weight of trust.
    out.push(signal(code, [ofFile(file.name)], { file: file.name, kind: file.realType, inside: file.entries.find((name) => /\.(?:exe|scr|js|vbs|lnk|hta|bat|cmd|ps1|iso|img|html?|wsf|jar|msi|com|pif|cpl|dll)$/i.test(name)) ?? '' }, code === 'file_pdf_link' && scene.mail.text.length > 300 ? 0.4 : 1));
    said.add(file.name);
  }
  const paper = files.find((file) => file.realType === 'pdf');
  const host = scene.from === undefined ? '' : scene.from.address.slice(scene.from.address.lastIndexOf('@') + 1);
  if (paper !== undefined && trusted === null && scene.kinds(host).has('freemail') && scene.mail.text.trim().length < 200 && !((knowledge.history?.sentTo ?? 0) > 0)) out.push(signal('freemail_paper', [ofFile(paper.name)], { file: paper.name, domain: host.replaceAll('.', '[.]') }));
  const locked = files.find((file) => file.flags.includes('encrypted_archive') || file.flags.includes('encrypted_office'));
  if (locked !== undefined) {
    const known = trusted !== null || knowledge.partners.some(({ domain }) => domain === fromDomain) || (knowledge.history !== undefined && (knowledge.history.address > 0 || knowledge.history.sentTo > 0));
    if (known) out.push(signal('locked_file_known', [ofFile(locked.name)], { file: locked.name }));
    else out.push(signal(asks.has('password_apart') || asks.has('open_file') ? 'locked_file_stranger' : 'locked_file', [ofFile(locked.name)], { file: locked.name }));
  }
  if (passage === 'original' && files.some((file) => file.flags.includes('unreadable'))) out.push(signal('file_unreadable', [ofFile(files.find((file) => file.flags.includes('unreadable'))!.name)]));
  return out;
}

/** A picture that carries what the mail has to say. */
export const isPicture = (file: FileFacts): boolean => /^(?:png|jpeg|jpg|gif|webp|bmp|svg)$/.test(file.realType);
