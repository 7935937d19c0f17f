// A reveal.js deck of three labs, as a lecturer would write it.
import { expect } from './lab.mjs';

const LONG = 'preset=mnist&v=1&model.id=mlp&engine=cpu&train.epochs=1000';

/** A deck of its own: three labs, the middle one a plain frame that reveal.js loads and unloads. */
export async function deck(page, site, first = '') {
  const lab = (id) => `<section><h2>${id}</h2><intab-lab preset="mnist" settings="model.id=mlp&engine=cpu&train.epochs=1000" id="${id}"></intab-lab></section>`;
  const html = `<!doctype html><html lang="en"><head><title>Deck</title><link rel="stylesheet" href="reveal/reveal.css"></head><body>
    <div class="reveal"><div class="slides">${first}${lab('one')}
    <section><h2>two</h2><iframe title="two" id="plain" width="900" height="500" data-src="../?embed=1&id=two#${LONG}"></iframe></section>
    ${lab('three')}</div></div><script type="module">
      import Reveal from './reveal/reveal.mjs';
      import { IntabReveal } from '../embed.js';
      window.told = [];
      addEventListener('message', ({ data }) => data?.intab && told.push({ at: performance.now(), ...data }));
      const deck = new Reveal({ width: 1000, height: 640, transition: 'none', plugins: [() => IntabReveal] });
      deck.on('slidechanged', () => { window.changed = performance.now(); });
      window.deck = deck;
      deck.initialize();
    </script></body></html>`;
  await page.route('**/slides/deck.html', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto(`${site.url}slides/deck.html`);
  await page.waitForFunction(() => window.deck?.isReady());
  const frame = async (id) => {
    await expect.poll(() => page.frames().some((f) => f.url().includes(`id=${id}`))).toBe(true);
    const found = page.frames().find((f) => f.url().includes(`id=${id}`));
    await found.waitForFunction(() => window.intab);
    return found;
  };
  const at = (h) => expect.poll(() => page.evaluate(() => window.deck.getIndices().h)).toBe(h);
  return { frame, at };
}
