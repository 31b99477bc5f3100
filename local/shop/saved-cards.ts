/** Which cards this browser stored at the gateway. A real shop keeps that with the customer's account. */
export interface SavedCard {
  cardId: string;
  /** Masked card number. */
  label: string;
}

const key = 'saved-cards';

export function savedCards(): SavedCard[] {
  return JSON.parse(localStorage.getItem(key) ?? '[]');
}

export function saveCard(card: SavedCard): void {
  forgetCard(card.cardId);
  localStorage.setItem(key, JSON.stringify([card, ...savedCards()]));
}

export function forgetCard(cardId: string): void {
  localStorage.setItem(key, JSON.stringify(savedCards().filter(card => card.cardId !== cardId)));
}
