import { byId, h } from './dom.ts';
import { draw, isEnglish, say, switchLanguage, translateMarkup } from './language.ts';
import { settings } from './settings.ts';

/** What every page has: its words in the chosen language, and the bar at the top. */
export async function startPage(): Promise<void> {
  const bar = byId('bar');
  const links = h('nav');
  const language = h('button', { type: 'button', className: 'plain', onclick: switchLanguage });
  bar.replaceChildren(h('a', { href: '/', className: 'brand' }, 'ZEUS Payments Demo'), links, language);
  const { gatewayUrl, simulated } = await settings;
  draw(() => {
    translateMarkup();
    language.textContent = isEnglish() ? '日本語' : 'English';
    language.lang = isEnglish() ? 'ja' : 'en';
    links.ariaLabel = say(['メニュー', 'Menu']);
    const entries: [string, string][] = [
      ['/', say(['商品', 'Products'])],
      ['/orders.html', say(['注文一覧（店舗用）', 'Orders (shop)'])],
      ...(simulated ? [[`${gatewayUrl}/`, say(['ゲートウェイ', 'Gateway'])] as [string, string]] : []),
    ];
    links.replaceChildren(...entries.map(([href, text]) => h('a', { href }, text)));
  });
}
