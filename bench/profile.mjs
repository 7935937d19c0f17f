// Which functions a first visit runs, for `cargo intab profile`: opens the marked site, does what visitors do first, and
// writes the numbers of the functions that ran, a JSON file for each program. `node bench/profile.mjs URL FOLDER [--gpu]`
import { chromium } from '@playwright/test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS, WEBGPU } from '../playwright.config.mjs';

const [url, folder, ...rest] = process.argv.slice(2);
const GPU = rest.includes('--gpu');
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

/** What ran, by program, with what an earlier call left in the folder: the visits with a GPU are another call. */
const file = (name) => join(folder, `${name}.json`);
const earlier = (name) => (existsSync(file(name)) ? JSON.parse(readFileSync(file(name))) : []);
const ran = Object.fromEntries(['app', 'engine_cpu', 'engine_gpu'].map((name) => [name, new Set(earlier(name))]));

/** Opens the address, lets `visit` do something, and takes down what ran in the page and in its workers. */
async function visit(hash, doing, { viewport = DESKTOP, engine = 'cpu', ...more } = {}) {
  console.log(`profile: ${engine} ${hash || '/'} at ${viewport.width} px`);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: engine === 'gpu' ? [...FLAGS, ...WEBGPU] : FLAGS });
  const page = await browser.newPage({ viewport, serviceWorkers: 'block', ...more });
  page.on('pageerror', (error) => console.error(String(error)));
  const ready = async () => {
    await page.waitForFunction(() => window.intab);
    if (hash.includes('#')) await page.evaluate(() => window.intab.ready); // the front page starts no engine
  };
  await page.goto(url + hash);
  await ready();
  // A script may ask before anything has been done.
  await page.evaluate(() => window.intab.state());
  await doing(page, (name, ...args) => page.evaluate(([name, args]) => window.intab[name](...args), [name, args]));
  await takeDown(page);
  // A second visit has both halves before it starts (index.html): what only that runs is no matter here.
  await browser.close();
}

/** What has run, going away included: a page that is being left must not have to wait for more of its program. */
async function takeDown(page) {
  await page.evaluate(() => {
    for (const state of ['hidden', 'visible']) {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
      dispatchEvent(new Event(state === 'hidden' ? 'pagehide' : 'pageshow'));
    }
  });
  await stay(page);
  const told = await page.evaluate(async () => {
    const told = [], marks = new BroadcastChannel('intab.marks');
    marks.onmessage = ({ data }) => told.push(data);
    marks.postMessage('tell');
    await new Promise((resolve) => { setTimeout(resolve, 1500); });
    return told;
  });
  for (const [name, list] of told) list.forEach((at) => ran[name].add(at));
}

/** What runs by itself, also when the browser finds time for it: a program that marks is slow, and a busy machine slower. */
const stay = async (page) => {
  await page.waitForTimeout(1000);
  await page.evaluate(() => new Promise((resolve) => { requestIdleCallback(() => requestIdleCallback(resolve)); }));
};

const short = async (page, call) => {
  await call('step', 3);
  await call('play');
  await call('until', { step: 20 }, 100);
  await call('pause');
  await stay(page);
};

/** The first lab, as a visitor uses it: with the mouse, then with keys. */
const first = async (page, call) => {
  await page.getByTestId('play').click();
  await call('until', { step: 60 }, 60);
  await takeDown(page);
  for (const at of ['play', 'network', 'accuracy', 'confusion', 'pad', 'answer', 'engine']) await page.getByTestId(at).first().hover().catch(() => {});
  await page.mouse.wheel(0, 600);
  await draw(page);
  await call('until', { step: 300 }, 300);
  await page.getByTestId('play').click();
  await stay(page);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Help' }).hover();
  await call('set', { 'train.learning_rate': 0.002 });
  await stay(page);
};

/** In a hurry: a digit is drawn while the network trains, and the run is paused at once. */
const hurried = async (page, call) => {
  await page.getByTestId('play').click();
  await call('until', { step: 60 }, 60);
  await draw(page);
  await page.getByTestId('play').click();
  await call('until', { state: 'paused' }, 60);
  await stay(page);
};

/** On a phone: every tab, and a finger instead of a mouse. */
const phone = async (page, call) => {
  await page.getByTestId('play').tap();
  await call('until', { step: 60 }, 60);
  for (const tab of await page.getByRole('tab').all()) {
    if (await tab.isVisible()) await tab.tap();
    await stay(page);
  }
  await draw(page);
  await call('play');
  await call('until', { state: 'done' }, 600);
};

/** A one, on the pad. */
async function draw(page) {
  const pad = page.getByTestId('pad');
  // It is made when it comes near; on a phone it may be on another tab.
  await pad.scrollIntoViewIfNeeded({ timeout: 5000 }).catch(() => {});
  if (!await pad.isVisible()) return;
  const box = await pad.boundingBox();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.8, { steps: 8 });
  await page.mouse.up();
  await stay(page);
}

if (GPU) {
  await visit('#preset=mnist&engine=gpu', short, { engine: 'gpu' });
} else {
  await visit('', stay);
  await visit('?lang=de', stay);
  await visit('?lang=de', stay, { viewport: PHONE });
  await visit('?lang=de#preset=mnist', short, { viewport: PHONE });
  await visit('', stay, { viewport: PHONE, colorScheme: 'dark', hasTouch: true });
  await visit('#preset=mnist&engine=cpu', first);
  await visit('#preset=mnist&engine=cpu&cores=1', short);
  for (const _ of [1, 2]) await visit('#preset=mnist&engine=cpu', hurried);
  await visit('#preset=mnist', hurried);
  await visit('#preset=digits', hurried);
  await visit('#preset=mnist&v=1&model.id=mlp', short);
  await visit('#preset=mnist&v=1&train.epochs=1', phone, { viewport: PHONE, hasTouch: true });
}
for (const [name, set] of Object.entries(ran)) {
  if (set.size) writeFileSync(file(name), JSON.stringify([...set]));
}
