import { byId, h } from './dom.ts';
import { draw, isEnglish, say, switchLanguage, translateMarkup, type Words } from './language.ts';
import { settings } from './settings.ts';

const shopServer: Words = [
  '動きが見えるように、この画面はブラウザーから直接マーチャントAPIを呼びます。実際のお店では、お店のサーバーが呼びます。',
  'So that you can watch it, these pages call the merchant API from the browser. In a real shop, the shop’s server does that.',
];

/** What every page has: its words in the chosen language, the bar at the top, and what is only so in the demo. */
export async function startPage(): Promise<void> {
  const bar = byId('bar');
  const links = h('nav');
  const language = h('button', { type: 'button', className: 'plain', onclick: switchLanguage });
  bar.replaceChildren(h('a', { href: '/', className: 'brand' }, 'ZEUS Payments Demo'), links, language);
  const footer = h('footer', { className: 'note' });
  document.body.append(footer);
  const { gatewayUrl, simulated } = await settings;
  draw(() => {
    translateMarkup();
    language.textContent = isEnglish() ? '日本語' : 'English';
    language.lang = isEnglish() ? 'ja' : 'en';
    footer.textContent = say(shopServer);
    links.ariaLabel = say(['メニュー', 'Menu']);
    const entries: [string, string][] = [
      ['/', say(['商品', 'Products'])],
      ['/orders.html', say(['注文一覧（店舗用）', 'Orders (shop)'])],
      ...(simulated ? [[`${gatewayUrl}/`, say(['ゲートウェイ', 'Gateway'])] as [string, string]] : []),
    ];
    links.replaceChildren(...entries.map(([href, text]) => h('a', { href }, text)));
  });
}
