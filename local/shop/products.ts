import type { Words } from './language.ts';

export interface Product {
  id: string;
  name: Words;
  about: Words;
  yen: number;
}

export const products: readonly Product[] = [
  {
    id: 'beans',
    name: ['珈琲豆 200g', 'Coffee beans, 200 g'],
    about: ['浅煎り、柑橘の香り', 'Light roast, citrus notes'],
    yen: 1480,
  },
  {
    id: 'kettle',
    name: ['細口ケトル', 'Pour-over kettle'],
    about: ['0.6リットル、直火用', '0.6 litres, for the stove'],
    yen: 8000,
  },
  {
    id: 'grinder',
    name: ['手挽きミル', 'Hand grinder'],
    about: ['臼式、粗さ18段階', 'Burrs with 18 settings'],
    yen: 12500,
  },
];

export const productOf = (id: string | null): Product => {
  const [first] = products;
  const found = products.find(product => product.id === id) ?? first;
  if (!found) throw new Error('There is nothing to sell');
  return found;
};
