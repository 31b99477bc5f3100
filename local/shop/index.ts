import { byId, h } from './dom.ts';
import { yen } from './format.ts';
import { startPage } from './frame.ts';
import { draw, say } from './language.ts';
import { products } from './products.ts';

await startPage();
draw(() => {
  const cards = products.map(({ id, name, about, yen: price }) =>
    h(
      'li',
      {},
      h('h2', {}, say(name)),
      h('p', {}, say(about)),
      h('p', { className: 'price' }, yen(price)),
      h('a', { href: `/checkout.html?item=${id}`, className: 'button' }, say(['購入手続きへ', 'Buy'])),
    ),
  );
  byId('products').replaceChildren(...cards);
});
