/** What an operator reads, in both languages. */
export interface Text {
  en: string;
  ja: string;
}
