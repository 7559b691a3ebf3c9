import sanitize from 'sanitize-html';

/** Beyond them a mail's HTML is cut before it is cleaned: newsletters have a tenth of either. */
const HTML_MAX = 400_000;
const TAGS_MAX = 20_000;
const CLEAN_MAX = 1_000_000;

const size = /^(?:\d{1,4}(?:\.\d{1,2})?(?:px|em|rem|pt|%)?|auto)(?:\s+(?:\d{1,4}(?:\.\d{1,2})?(?:px|em|rem|pt|%)?|auto)){0,3}$/;
const color = /^(?:#[0-9a-f]{3,8}|[a-z]{3,20}|rgba?\([\d.,%\s]{1,40}\))$/i;
const word = /^[a-z-]{1,20}$/i;

/** Properties that only change how words look; none of them can load, cover or move out of the frame. */
const styles = {
  color: [color], 'background-color': [color], 'text-align': [word], 'text-decoration': [word], 'font-weight': [/^(?:[a-z]{1,10}|[1-9]00)$/i], 'font-style': [word], 'font-size': [/^(?:\d{1,3}(?:\.\d{1,2})?(?:px|em|rem|pt|%)|[a-z-]{1,10})$/i],
  width: [size], 'max-width': [size], padding: [size], margin: [size], 'vertical-align': [word], border: [/^\d{1,2}(?:px|pt)?\s+[a-z]{1,10}\s+(?:#[0-9a-f]{3,8}|[a-z]{1,20})$/i], 'border-collapse': [word],
};

function cutToSize(html: string): string {
  let at = 0;
  for (let tags = 0; tags < TAGS_MAX; tags += 1) {
    at = html.indexOf('<', at) + 1;
    if (at === 0 || at > HTML_MAX) return html.slice(0, HTML_MAX);
  }
  return html.slice(0, at - 1);
}

/**
 * A mail's HTML as something to look at: no link, no script, no form, nothing that loads. Where a picture was, a box says so.
 * @returns at most a million characters
 */
export function cleanHtml(html: string): string {
  const clean = sanitize(cutToSize(html), {
    allowedTags: ['p', 'br', 'div', 'span', 'table', 'thead', 'tbody', 'tr', 'td', 'th', 'b', 'strong', 'i', 'em', 'u', 'ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'hr', 'center', 'font'],
    allowedAttributes: { '*': ['style'], td: ['style', 'colspan', 'rowspan', 'align'], th: ['style', 'colspan', 'rowspan', 'align'], table: ['style', 'align'], font: ['color'] },
    allowedStyles: { '*': styles },
    allowedSchemes: [], allowProtocolRelative: false, disallowedTagsMode: 'discard', nestingLimit: 60, parseStyleAttributes: true,
    nonTextTags: ['style', 'script', 'textarea', 'option', 'noscript', 'title', 'template', 'head', 'svg', 'math', 'iframe', 'object', 'embed', 'select', 'xmp'],
    transformTags: {
      img: () => ({ tagName: 'span', attribs: { style: 'border:1px solid gray;padding:2px' }, text: '画像（読み込んでいません）' }),
      input: () => ({ tagName: 'span', attribs: { style: 'border:1px solid gray;padding:2px' }, text: '入力欄' }),
      button: () => ({ tagName: 'span', attribs: { style: 'border:1px solid gray;padding:2px' } }),
      a: () => ({ tagName: 'span', attribs: { style: 'text-decoration:underline' } }),
    },
  });
  return clean.length > CLEAN_MAX ? `${clean.slice(0, CLEAN_MAX).replace(/<[^>]{0,500}$/, '').toWellFormed()}` : clean;
}
