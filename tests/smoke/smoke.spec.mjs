// What a visitor comes for, in three families of browsers: each project of playwright.config.mjs with this folder is one.
import { expect, test as base } from '@playwright/test';
import { startSite } from '../browser/site.mjs';
import * as puppeteer from './puppeteer.mjs';
import * as webkit from './webkit.mjs';

const DRIVERS = { chromium: puppeteer, firefox: puppeteer, webkit };
const DIGITS = '#preset=mnist&v=1&model.id=mlp&engine=cpu';

class Tab {
  constructor(driver) {
    Object.assign(this, driver);
  }

  /** Waits until `work` gives something true on the page. */
  until(work, ...values) {
    return expect.poll(() => this.evaluate(work, ...values), { message: String(work), timeout: 60_000 }).toBeTruthy();
  }

  /** Waits until a place of the page has these words. */
  says(place, words) {
    const text = () => this.evaluate((place) => document.querySelector(`[data-testid=${place}]`)?.innerText, place);
    return expect.poll(text, { timeout: 60_000 }).toMatch(words);
  }

  async ready() {
    await this.until(() => Boolean(window.intab));
    await this.evaluate(() => window.intab.ready.then(() => true));
  }

  call(name, ...values) {
    return this.evaluate((name, values) => window.intab[name](...values), name, values);
  }
}

const test = base.extend({
  site: async ({}, use) => {
    const site = await startSite();
    await use(site);
    await site.close();
  },
  tab: async ({}, use, { project }) => {
    const driver = await DRIVERS[project.name].start(project.name);
    try {
      await use(new Tab(driver));
      expect(await driver.problems(), 'errors on the page').toEqual([]);
    } finally {
      await driver.close();
    }
  },
});

test('it learns digits', async ({ tab, site }) => {
  await tab.open(`${site.url}${DIGITS}`);
  await tab.ready();
  await tab.call('play');
  await tab.call('until', { test_accuracy: 0.85 }, 200);
  await tab.says('accuracy', /(8[5-9]|9\d)(\.\d+)?\s*%/);
});

test('it names a sample, and a photo of the visitor', async ({ tab, site }) => {
  await tab.open(`${site.url}#preset=imagenet`);
  await tab.click('[aria-label^="Bananas"]');
  await tab.says('verdict', /Banana/);
  await tab.upload('input[type=file]', 'dist/samples/v1/pizza.jpg');
  await tab.says('verdict', /Pizza/);
});

/** A page with a frame, which keeps what the frame says. */
const AROUND = `<!doctype html><meta charset="utf-8"><title>A page</title>
<iframe id="lab" title="A lab" width="900" height="500" src="./?embed=1${DIGITS}&amp;train.epochs=1000"></iframe>
<script>
  const heard = [], lab = document.getElementById('lab');
  addEventListener('message', ({ data }) => heard.push(data));
  const say = (message) => lab.contentWindow.postMessage({ intab: 1, ...message }, '*');
</script>`;

test('in a frame it starts, and does what the page around it says', async ({ tab, site }) => {
  site.aliases['around.html'] = 'index.html';
  site.changes.push([/^around\.html$/, () => AROUND]);
  await tab.open(`${site.url}around.html`);
  await tab.until(() => lab.contentDocument.readyState === 'complete' && heard.some(({ event }) => event === 'height'));
  // By the time that this is answered, anything that the poster asks for has been asked for.
  await tab.evaluate(() => fetch('./embed.js').then(() => true));
  const programs = site.requests.filter((path) => /\.wasm$|^sw\.js$/.test(path));
  expect(programs, 'the poster asks for no program, nor for the worker that would').toEqual([]);
  await tab.until(() => {
    const start = [...lab.contentDocument.querySelectorAll('button')].find((button) => button.checkVisibility() && /Start this lab/.test(button.innerText + button.ariaLabel));
    start?.click();
    return Boolean(start);
  });
  const answered = async (call, cmd, ...args) => {
    await tab.evaluate((message) => say(message), { call, cmd, args });
    await tab.until((call) => heard.some((message) => message.call === call), call);
    const { result, error } = await tab.evaluate((call) => heard.find((message) => message.call === call), call);
    expect(error).toBeUndefined();
    return result;
  };
  const beyond = (step) => tab.until((step) => {
    const run = heard.findLast(({ event }) => event === 'progress')?.run;
    return run?.state === 'playing' && run.step > step;
  }, step);
  await beyond(5);
  const { run: paused } = await answered(1, 'pause');
  expect(paused.state).toBe('paused');
  // The engine answers this after all that it was told before: a step on its way would be over by then.
  await answered(2, 'ask', { kind: 'curve' });
  expect((await answered(3, 'state')).run).toMatchObject({ state: 'paused', step: paused.step });
  await answered(4, 'play');
  await beyond(paused.step);
});

/** Whether all of these are kept in this browser. */
const kept = async (names) => (await Promise.all(names.map((name) => caches.match(name)))).every(Boolean);

test('without a network it opens, trains, and says what a photo would cost', async ({ tab, site }) => {
  await tab.open(`${site.url}#preset=imagenet`);
  await tab.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await tab.says('weights', /9\.3\sMB/);
  await tab.until(() => document.querySelectorAll('[data-testid=picture-samples] img').length > 0);
  const pictures = await tab.evaluate(() => [...document.querySelectorAll('[data-testid=picture-samples] img')].map(({ src }) => src));
  await tab.until(kept, ['weights/efficientnet_lite0/v1/manifest.json', 'samples/v1/index.json', ...pictures]);
  await tab.open(`${site.url}?${DIGITS}`);
  await tab.ready();
  const data = site.list(/^datasets\/mnist\/v1\/.*(shard|json)$/);
  const programs = site.list(/^(app|engine_cpu)-.*(js|wasm)$/);
  await tab.until(kept, [...data, ...programs]);
  await site.close();
  await tab.reload();
  await tab.ready();
  await tab.call('step', 3);
  expect((await tab.call('state')).run.step).toBe(3);
  await tab.open(`${site.url}#preset=imagenet`);
  await tab.says('weights', /9\.3\sMB/);
});

test('a run survives a reload and goes on where it was', async ({ tab, site }) => {
  await tab.open(`${site.url}${DIGITS}`);
  await tab.ready();
  await tab.call('step', 80);
  await tab.until(async () => (await (await caches.open('intab-v1')).keys()).some(({ url }) => /\/run\/.*about$/.test(url)));
  await tab.reload();
  await tab.ready();
  await tab.says('offer', /step 80/);
  await tab.click('[data-testid=offer] .strong');
  await tab.until(() => window.intab.state().run.step === 80);
  await tab.call('step', 5);
  const { run } = await tab.call('state');
  expect(run.step).toBe(85);
  expect(run.train.loss).toBeLessThan(1.5);
});
