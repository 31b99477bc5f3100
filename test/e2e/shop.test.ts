/** The demo shop in a real browser, on the whole local stack. One file, so that the stack starts once. */
import './shop/cards.ts';
import './shop/carriers.ts';
import './shop/stores.ts';
import './shop/access.ts';
