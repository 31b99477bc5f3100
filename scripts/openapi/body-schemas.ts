import * as z from 'zod/mini';
import { type Body, day, textRules, withoutHyphens } from '../../shared/lambda/bodies/body.ts';
import {
  authenticationBody,
  cardDeletionBody,
  completionBody,
  recurringAuthenticationBody,
  recurringChargeBody,
  tokenChargeBody,
} from '../../shared/lambda/bodies/card.ts';
import { carrierOrderBody, returnBody, settlementBody } from '../../shared/lambda/bodies/carrier.ts';
import { cvsOrderBody } from '../../shared/lambda/bodies/cvs.ts';
import { emptyBody, orderListQuery, resolutionBody } from '../../shared/lambda/bodies/orders.ts';

export type JsonSchema = Record<string, unknown>;

/** The validators of the functions, under the names that the description gives them. */
export const bodies = {
  TokenCharge: tokenChargeBody,
  RecurringCharge: recurringChargeBody,
  CardAuthentication: authenticationBody,
  RecurringAuthentication: recurringAuthenticationBody,
  Completion: completionBody,
  CardDeletion: cardDeletionBody,
  CarrierOrder: carrierOrderBody,
  Settlement: settlementBody,
  Return: returnBody,
  CvsOrder: cvsOrderBody,
  Resolution: resolutionBody,
  Empty: emptyBody,
} satisfies Record<string, Body<unknown>>;
export type BodyName = keyof typeof bodies;

/** What the rules between fields ask, which JSON Schema would only say at length. */
const rules: Partial<Record<BodyName, string>> = {
  TokenCharge: 'Amount 0 charges nothing and stores the card: it needs `cardId`.',
  CardAuthentication:
    'Amount 0 charges nothing and stores the card: it needs `cardId`. `02` and `B1` need a contract of their own.',
  RecurringAuthentication: '`tokenKey`, with the security code alone, where the contract asks for one.',
  Completion: 'What the vendor’s script posted to the shop: its `MD`, `PaRes` and `status`.',
  CarrierOrder:
    'Amount: docomo and au at most 50000. With `test`, name, `_` and test ID together have at most 50 bytes.',
  Settlement:
    'Amount: docomo and au at most that of the order, SoftBank exactly that. Day: not past, at the latest `settleBy`, not today from 23:55:00 JST on.',
  Resolution:
    '`acknowledged` clears attention (`reasons`: which; all by default) and changes no status. Any other outcome ends what is open. `paid` and `authorized` need the gateway’s order number, known or given. `amount`, only with `paid`: what was really paid; default: the amount asked for.',
};

export const bodySchemas = (): Record<BodyName, JsonSchema> =>
  Object.fromEntries(
    Object.entries(bodies).map(([name, body]) => {
      const description = rules[name as BodyName];
      return [name, { ...schemaOf(body), ...(description && { description }) }];
    }),
  ) as Record<BodyName, JsonSchema>;

/** The query of the list, property by property. */
export const listQuery = (): Record<string, JsonSchema> =>
  schemaOf(orderListQuery).properties as Record<string, JsonSchema>;

function schemaOf({ schema }: Body<unknown>): JsonSchema {
  const { $schema: _, ...described } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => void Object.assign(jsonSchema, describe(zodSchema)),
  });
  return described;
}

/** What the schema of a text does not know: the field kind that judges it. Never narrower than the validator. */
function describe(schema: object): JsonSchema {
  if (schema === day) return { format: 'date', description: 'A day in Japan' };
  const rule = textRules.get(schema);
  if (!rule) return {};
  const { kind, clean } = rule;
  const { minBytes, maxBytes, allowed, description = '' } = kind;
  if (kind.values) return { enum: [...kind.values] };
  if (!allowed) return { minLength: minBytes, maxLength: maxBytes, ...says(kind.rule) };
  if (!isSingleByte(allowed)) {
    const converted = clean ? 'Half-width katakana and hiragana are converted. ' : '';
    const width = `${converted}Must be ${description}, at most ${maxBytes} bytes in Shift_JIS`;
    return { minLength: 1, ...says(width, kind.rule), 'x-minBytes': minBytes, 'x-maxBytes': maxBytes };
  }
  const character = allowed.source.replace(/^\^|\$$/g, '');
  if (clean === withoutHyphens) {
    const pattern = `^(?:[-\\s]*${character}){${minBytes},${maxBytes}}[-\\s]*$`;
    return { pattern, ...says(`Must be ${description}; hyphens and spaces are removed first`, kind.rule) };
  }
  return {
    minLength: minBytes,
    maxLength: maxBytes,
    pattern: `^${character}*$`,
    ...says(`Must be ${description}`, kind.rule),
  };
}

const says = (...sentences: (string | undefined)[]) => {
  const said = sentences.filter(each => each !== undefined && each !== '');
  return said.length > 0 ? { description: said.map(each => `${each}.`.replace(/^m/, 'M')).join(' ') } : {};
};

/** Then bytes are characters, which JSON Schema can count: nothing beyond Latin-1 is allowed, of which the yen sign has one byte. */
function isSingleByte(allowed: RegExp): boolean {
  for (let code = 0x100; code <= 0xffff; code += 1) if (allowed.test(String.fromCharCode(code))) return false;
  return true;
}
