// No text is cut off by its own box, on any page or dialog, in the sizes that people have and in both languages.
import { expect, test } from './lab.mjs';

const SIZES = [[320, 640], [360, 740], [960, 540], [1280, 720]];

/** Text that its box, or the window, cuts off; and what scrolls sideways without a sign that it does. */
const cutOff = (page) => page.evaluate(() => {
  const found = [];
  const root = document.querySelector('dialog[open]') ?? document.body;
  const name = (element) => `${element.localName}.${[...element.classList].join('.')}`;
  const hidden = (element) => !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    || element.closest('.sr-only, [aria-hidden=true] svg, svg, canvas, option, .skip, [data-clips]') !== null;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent.trim();
    if (!words || hidden(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    let scrolls = false;
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
      const { overflowX, overflowY, clipPath } = getComputedStyle(at);
      const edge = at.getBoundingClientRect();
      if (clipPath !== 'none' || edge.width <= 1) { scrolls = true; break; }
      if (/auto|scroll/.test(overflowX)) { scrolls = true; break; }
      if (overflowX !== 'visible' && (box.right > edge.right + 1.5 || box.left < edge.left - 1.5)) {
        found.push(`${name(element)} in ${name(at)}: “${words.slice(0, 40)}” is cut off by ${Math.round(Math.max(box.right - edge.right, edge.left - box.left))} px`);
        scrolls = true;
        break;
      }
      if (/auto|scroll/.test(overflowY)) break;
      if (overflowY === 'hidden' && (box.bottom > edge.bottom + 4 || box.top < edge.top - 4)) {
        found.push(`${name(element)} in ${name(at)}: “${words.slice(0, 40)}” is cut off below`);
        scrolls = true;
        break;
      }
    }
    if (!scrolls && (box.right > innerWidth + 1.5 || box.left < -1.5)) {
      found.push(`${name(element)}: “${words.slice(0, 40)}” is ${Math.round(Math.max(box.right - innerWidth, -box.left))} px outside of the window`);
    }
  }
  const pen = document.createElement('canvas').getContext('2d');
  for (const select of root.querySelectorAll('select')) {
    if (hidden(select) || !select.selectedOptions[0]) continue;
    const { color, font, paddingLeft, paddingRight } = getComputedStyle(select);
    // An icon stands for it.
    if (/, 0\)$/.test(color)) continue;
    pen.font = font;
    const words = select.selectedOptions[0].textContent;
    const room = select.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    if (pen.measureText(words).width > room + 2) found.push(`${name(select)}#${select.id}: “${words}” needs ${Math.round(pen.measureText(words).width)} px of ${Math.round(room)}`);
  }
  for (const dialog of document.querySelectorAll('dialog[open]')) {
    if (dialog.getBoundingClientRect().width > innerWidth) found.push(`${name(dialog)} is ${dialog.getBoundingClientRect().width} px wide`);
  }
  return [...new Set(found)];
});

async function everywhere(page, where, { tabs = true } = {}) {
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    const all = page.getByRole('tab');
    const count = tabs ? await all.count() : 0;
    for (let tab = 0; tab < Math.max(1, count); tab += 1) {
      if (count && await all.nth(tab).isVisible()) await all.nth(tab).click();
      expect.soft(await cutOff(page), `${where}, ${width} px, tab ${tab}`).toEqual([]);
    }
  }
}

for (const language of ['en', 'de']) {
  test(`no text is cut off (${language})`, async ({ lab, page, site }) => {
    test.setTimeout(300_000);
    const goto = async (hash) => {
      await page.goto('about:blank');
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.goto(`${site.url}?lang=${language}${hash}`);
    };
    await goto('');
    await expect(page.locator('.front:not(.front-static) .stop').first()).toBeVisible();
    await everywhere(page, 'front');
    for (const hash of ['#lesson=colour', '#lesson=clothes', '#lesson=neurons', '#preset=penguins', '#preset=mnist']) {
      await goto(hash);
      await lab.ready();
      if (hash === '#lesson=clothes') {
        await lab.call('set', { 'model.id': 'mlp' });
        await lab.call('step', 40);
        await lab.until({ step: 40 });
        await lab.until({ test_accuracy: 0.1 });
      }
      await everywhere(page, hash);
    }
    // The last lesson’s last step: a question, and the way on.
    for (const id of ['digits', 'how-much', 'foundation']) {
      await goto(`#lesson=${id}`);
      await page.getByTestId('guide-now').locator('.guide-dot').last().click();
      await page.locator('.guide-answer').nth(1).click();
      await everywhere(page, `${id}, question`, { tabs: false });
      await page.setViewportSize({ width: 1280, height: 720 });
    }
    await goto('#preset=imagenet');
    await page.getByTestId('picture-samples').getByRole('button').first().click();
    await expect(page.getByTestId('verdict')).toBeVisible();
    await everywhere(page, 'imagenet');
    await goto('#preset=mnist&model.id=mlp');
    await lab.ready();
    for (const name of [/^(Share|Teilen)$/, /^(Help|Hilfe)$/]) {
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.getByRole('button', { name }).click();
      await expect(page.locator('dialog[open]')).toBeVisible();
      for (const check of await page.getByRole('switch').all()) if (await check.isVisible()) await check.check();
      await everywhere(page, String(name), { tabs: false });
      await page.keyboard.press('Escape');
    }
    // The dialog that explains a number.
    await goto('#preset=mnist');
    await lab.ready();
    await lab.samples.getByRole('button').first().click();
    await lab.network.getByTestId('layer-0').locator('button').last().press('Enter');
    await expect(page.getByTestId('way')).toBeVisible();
    await everywhere(page, 'way', { tabs: false });
  });
}
