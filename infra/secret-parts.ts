/**
 * The parts in which the secret (contract 3) is stored, each a secret of its own. Every value stands in exactly one part, so
 * that a function that may read one part learns nothing of another. A part holds the same JSON as the whole, with its own values only.
 */
export const secretParts = {
  /** Not secret by themselves: payment pages name the card's. */
  ipCodes: {
    variable: 'IP_CODES_SECRET_ID',
    id: 'IpCodesSecret',
    description: 'IP codes of card, carrier and convenience store payments',
    holds: ['card.clientip', 'carrier.clientip', 'cvs.clientip'],
  },
  /** Cancels card payments, and begins 3-D Secure. */
  cardKey: {
    variable: 'CARD_KEY_SECRET_ID',
    id: 'CardKeySecret',
    description: 'The key of card cancels and of 3-D Secure',
    holds: ['card.key'],
  },
  /** Settles and returns carrier payments. */
  carrierKey: {
    variable: 'CARRIER_KEY_SECRET_ID',
    id: 'CarrierKeySecret',
    description: 'The key that settles and returns carrier payments',
    holds: ['carrier.zkey'],
  },
  /** Part of the callback URLs; the previous one stays valid until it is taken away. */
  pathToken: {
    variable: 'PATH_TOKEN_SECRET_ID',
    id: 'PathTokenSecret',
    description: 'Path token of the callback URLs, and the one before',
    holds: ['callback.pathToken', 'callback.previousPathToken'],
  },
  /** Signs the webhooks. */
  webhook: {
    variable: 'WEBHOOK_SECRET_ID',
    id: 'WebhookSecret',
    description: 'The secret that signs webhooks, and the one before',
    holds: ['webhook.secret', 'webhook.previousSecret'],
  },
} as const;

export type SecretPart = keyof typeof secretParts;
/** The stack's output with the name of the secret that was made for a part. */
export const outputOf = (part: SecretPart): string => `${secretParts[part].id}Name`;
export const partNames = Object.keys(secretParts) as SecretPart[];

/** The secret as a whole, or any part of it: `{ "card": { "clientip": "…", "key": "…" }, … }`. */
export type SecretContent = Record<string, Record<string, string>>;

/** What a part holds of the whole; what is not filled is left out. */
export function contentOf(part: SecretPart, whole: SecretContent): SecretContent {
  const content: SecretContent = {};
  for (const name of secretParts[part].holds) {
    const [service = '', field = ''] = name.split('.');
    const value = whole[service]?.[field];
    if (value !== undefined) content[service] = { ...content[service], [field]: value };
  }
  return content;
}
