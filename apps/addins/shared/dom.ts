/** Makes an element. Texts are texts: nothing here becomes markup. */
export function make<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Readonly<Record<string, string>> = {}, ...inside: readonly (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...inside);
  return element;
}

/** A text by its name, with what stands in its places. */
export type Say = (name: string, ...inserted: readonly string[]) => string;
