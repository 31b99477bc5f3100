import { newCardToken, storedCardToken } from './card-token.ts';
import { input, select, typedIn } from './dom.ts';
import { say } from './language.ts';
import { type SavedCard, savedCards } from './saved-cards.ts';
import { word } from './words.ts';

export type Method = 'new-card' | 'stored-card' | 'carrier' | 'cvs';

/** A request to the merchant API, with EMV 3-D Secure by way of the shop's server, made before the payer confirms and sent after. */
export interface Purchase {
  path: string;
  body: Record<string, unknown>;
  /** Lines of the confirmation. */
  shown: readonly (readonly [name: string, value: string])[];
  /** Known to this browser once the purchase is accepted. */
  storedCard?: SavedCard;
}

export interface Basis {
  amount: number;
  reference: string;
}

type Prepare = (basis: Basis) => Promise<Purchase | null> | Purchase;

const contact = () => ({ phone: typedIn('phone'), email: typedIn('email') });

/** Null: the page says what is wrong with the card. */
export const prepare: Record<Method, Prepare> = {
  'new-card': async basis => {
    const token = await newCardToken();
    if (!token) return null;
    const cardId = input('save-card').checked ? `demo-${crypto.randomUUID().slice(0, 13)}` : null;
    const label = token.maskedCardNumber ?? '';
    const installments = select('installments').value;
    return {
      path: '/shop/card/authentications',
      body: {
        ...basis,
        ...contact(),
        tokenKey: token.tokenKey,
        installments,
        ...(cardId && { cardId }),
        ...((token.cardName ?? '').length >= 4 && { cardholderName: token.cardName }),
      },
      shown: [
        [say(['カード番号', 'Card number']), label],
        [say(['有効期限', 'Expiry']), `${token.expiresMonth} / ${token.expiresYear}`],
        [say(['名義', 'Name']), token.cardName ?? ''],
        [say(['カードの登録', 'Store the card']), cardId ? say(['する', 'yes']) : say(['しない', 'no'])],
      ],
      ...(cardId && { storedCard: { cardId, label } }),
    };
  },
  'stored-card': async basis => {
    const cardId = select('card-id').value;
    const token = await storedCardToken();
    if (!token) return null;
    const label = savedCards().find(card => card.cardId === cardId)?.label ?? cardId;
    return {
      path: '/shop/card/recurring-authentications',
      body: { ...basis, ...contact(), tokenKey: token.tokenKey, cardId },
      shown: [
        [say(['登録済みのカード', 'Stored card']), label],
        [say(['セキュリティコード', 'Security code']), token.maskedCvv ?? ''],
      ],
    };
  },
  carrier: basis => {
    const carrier = select('carrier').value;
    const url = new URL(`/result.html?reference=${basis.reference}`, location.href).href;
    const link = { url, text: say(['お店に戻る', 'Back to the shop']) };
    return {
      path: '/carrier/orders',
      body: { ...basis, ...contact(), carrier, name: typedIn('payer-name'), success: link, failure: link },
      shown: [[say(['キャリア', 'Carrier']), word(carrier)]],
    };
  },
  cvs: basis => {
    const store = select('store').value;
    return {
      path: '/cvs/orders',
      body: { ...basis, ...contact(), store, name: typedIn('payer-name') },
      shown: [[say(['お店', 'Store']), word(store)]],
    };
  },
};
