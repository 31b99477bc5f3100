/** Japanese first. Markup holds its English in `data-en`; scripts hold both together. */
export type Words = readonly [ja: string, en: string];

const key = 'language';
let english = localStorage.getItem(key) === 'en';
const drawings: (() => void)[] = [];

export const isEnglish = (): boolean => english;
export const say = ([ja, en]: Words): string => (english ? en : ja);

/** Draws now, and again whenever the language changes. */
export function draw(drawing: () => void): void {
  drawings.push(drawing);
  drawing();
}

export function switchLanguage(): void {
  english = !english;
  localStorage.setItem(key, english ? 'en' : 'ja');
  for (const drawing of drawings) drawing();
}

export function translateMarkup(): void {
  document.documentElement.lang = english ? 'en' : 'ja';
  for (const element of document.querySelectorAll<HTMLElement>('[data-en]')) {
    element.dataset.ja ??= element.textContent;
    element.textContent = (english ? element.dataset.en : element.dataset.ja) ?? '';
  }
}
