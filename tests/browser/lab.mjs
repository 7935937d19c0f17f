// The page as a person sees it, and as a script does: the only file that knows how it is built.
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base } from '@playwright/test';
import { startSite } from './site.mjs';

export { expect };

export class Lab {
  constructor(page, site) {
    this.page = page;
    this.site = site;
    this.play = page.getByTestId('play');
    this.step = page.getByRole('button', { name: 'Step', exact: true });
    this.reset = page.getByRole('button', { name: 'Reset', exact: true });
    this.status = page.getByTestId('status');
    this.notices = page.getByTestId('notice');
    this.offer = page.getByTestId('offer');
    this.samples = page.getByTestId('samples');
    this.network = page.getByTestId('network');
    this.accuracy = page.getByTestId('accuracy');
    this.confusion = page.getByTestId('confusion');
    this.pad = page.getByTestId('pad');
    this.answer = page.getByTestId('answer');
    this.sees = page.getByTestId('sees');
  }

  /** Opens the page and waits for its first engine. */
  async open(hash = '', { engine = 'cpu' } = {}) {
    const separator = hash.includes('#') ? '&' : '#';
    await this.page.goto(`${this.site.url}${hash}${engine ? `${separator}engine=${engine}` : ''}`);
    await this.ready();
  }

  async ready() {
    await this.page.waitForFunction(() => window.intab);
    await this.page.evaluate(() => window.intab.ready);
    await expect(this.play).toBeEnabled();
  }

  /** `intab.<name>(…)`, as a script would call it. */
  call(name, ...args) {
    return this.page.evaluate(([name, args]) => window.intab[name](...args), [name, args]);
  }

  state() {
    return this.call('state');
  }

  until(condition, seconds = 100) {
    return this.call('until', condition, seconds);
  }

  ask(question) {
    return this.call('ask', question);
  }

  /** The losses of a fresh run's first steps. */
  async firstLosses(count) {
    await this.call('step', count);
    const { train } = await this.ask({ kind: 'curve' });
    return train.map((point) => point.loss);
  }

  /** Draws lines on the pad, through points in 0…1. */
  async draw(points) {
    await this.pad.scrollIntoViewIfNeeded();
    const box = await this.pad.boundingBox();
    const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
    await this.page.mouse.move(...at(points[0]));
    await this.page.mouse.down();
    for (const point of points.slice(1)) await this.page.mouse.move(...at(point), { steps: 8 });
    await this.page.mouse.up();
  }

  /** On every tab that there is: nothing serious for axe, and nothing that scrolls sideways. */
  async isFitToRead() {
    const tabs = this.page.getByRole('tab');
    for (let tab = 0; tab < Math.max(1, await tabs.count()); tab += 1) {
      if (await tabs.nth(tab).isVisible().catch(() => false)) await tabs.nth(tab).click();
      await this.isFitNow();
    }
  }

  /** What is shown now: nothing serious for axe, and neither the page nor an open dialog scrolls sideways. */
  async isFitNow() {
    const { violations } = await new AxeBuilder({ page: this.page }).analyze();
    const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    const over = await this.page.evaluate(() => [document.documentElement, ...document.querySelectorAll('dialog[open]')]
      .map((element) => element.scrollWidth - element.clientWidth));
    expect(Math.max(...over)).toBeLessThanOrEqual(0);
  }

  /** Percentages of the ten bars, as shown. */
  async bars() {
    const text = await this.page.getByTestId('bars').innerText();
    return [...text.matchAll(/([\d.]+)\s*%/g)].map((match) => Number(match[1]));
  }
}

/** What is kept of the page's own runs beside their checkpoints, the newest last. */
export const keptRuns = (page) => page.evaluate(async () => {
  const cache = await caches.open('intab-v1');
  const found = (await cache.keys()).filter(({ url }) => /\/run\/.*about$/.test(url)).toSorted((a, b) => (a.url < b.url ? -1 : 1));
  return Promise.all(found.map(async (request) => (await cache.match(request)).json()));
});

export const test = base.extend({
  site: async ({}, use) => {
    const site = await startSite();
    await use(site);
    await site.close();
  },
  lab: async ({ page, site }, use) => {
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    await use(new Lab(page, site));
    expect(problems, 'errors on the page').toEqual([]);
  },
});

/** A PNG of one colour, `width × height`, whose header may lie about its size. */
export async function png(page, { draw = '', size = 200, background = '#fff' } = {}) {
  const bytes = await page.evaluate(async ([draw, size, background]) => {
    const canvas = new OffscreenCanvas(size, size);
    const context = canvas.getContext('2d');
    context.fillStyle = background;
    context.fillRect(0, 0, size, size);
    context.strokeStyle = '#111';
    context.lineWidth = size / 12;
    context.lineCap = 'round';
    context.stroke(new Path2D(draw));
    const blob = await canvas.convertToBlob();
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, [draw, size, background]);
  return Buffer.from(bytes);
}
