// Promises that an attack broke: what is kept is ours, a visited place starts without a network, an address is only an address.
import { readFile } from 'node:fs/promises';
import { expect, test } from './lab.mjs';

const html = await readFile('dist/index.html', 'utf8');
const inPage = (id) => JSON.parse(new RegExp(`id="${id}">(.*?)</script>`, 's').exec(html)[1]);
/** Every place that a link can name: presets, lessons, a network of one's own. */
const PLACES = [
  '', ...Object.keys(inPage('presets')).filter((id) => id !== 'lecture').map((id) => `#preset=${id}`),
  ...inPage('lessons').listed.en.map(({ id }) => `#lesson=${id}`), '#preset=mnist&v=1&model.id=mlp&model.width=40',
];

const LOGIN = Buffer.from('<!doctype html><title>WiFi</title><p>Please log in</p>');

/** What the service worker keeps of the site, by path. */
const kept = (page, site) => page.evaluate(async (base) => {
  const keys = await (await caches.open('intab-page')).keys();
  return keys.map(({ url }) => url.slice(base.length));
}, site.url);

/** The page has started: it is drawn by the program, and its engine has spoken. */
async function starts(page, address) {
  await page.goto('about:blank');
  await page.goto(address);
  await page.waitForFunction(() => window.intab && !document.querySelector('#app > [aria-busy]'), null, { timeout: 30_000 });
  // The front page starts no engine.
  if (address.includes('#')) await page.evaluate(() => window.intab.ready);
}

/** Both halves of both programs are kept, and the list that they were checked against. */
async function whole(page, site) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(async () => (await kept(page, site)).filter((path) => /_rest\.wasm$|^everything/.test(path)).length, { timeout: 30_000 }).toBe(3);
}

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  // What another language adds, its sentences, is the same at every place: of those some.
  for (const [lang, places] of [['en', PLACES], ['de', PLACES.filter((_, at) => at % 5 === 0)]]) {
    test(`every preset and lesson that was visited starts without a network (${lang})`, async ({ lab }) => {
      test.setTimeout(300_000);
      const { page, site } = lab;
      for (const place of places) await test.step(place || 'front', () => starts(page, `${site.url}?lang=${lang}${place}`));
      await whole(page, site);
      await site.close();
      for (const place of places) await test.step(place || 'front', () => starts(page, `${site.url}?lang=${lang}${place}`));
    });
  }

  test('a login page in place of a file is not kept, and the site works when the host is well again', async ({ page, site }) => {
    const answers = [/^app-.*\.js$/, /^app-.*_bg\.wasm$/, /^engine_cpu-.*_bg\.wasm$/, /^style-/];
    for (const poisoned of answers) {
      site.changes.splice(0, 1, [poisoned, () => LOGIN]);
      await page.goto(`${site.url}#preset=mnist`);
      await page.waitForLoadState('networkidle');
      const names = await kept(page, site);
      expect(names.filter((path) => poisoned.test(path)), String(poisoned)).toEqual([]);
      site.changes.length = 0;
      await starts(page, `${site.url}#preset=mnist`);
      await page.evaluate(async () => {
        for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
        for (const name of await caches.keys()) await caches.delete(name);
      });
    }
  });

  test('a foreign page, half a page and a failing host leave the kept copy as it is, and the page starts from it', async ({ page, site }) => {
    await starts(page, `${site.url}#preset=mnist`);
    await whole(page, site);
    const before = await kept(page, site);
    const answers = [() => LOGIN, (bytes) => bytes.subarray(0, bytes.length / 2), (bytes) => Buffer.from(bytes.toString().replaceAll(/-[0-9a-f]{8}\./g, '-00000000.')), 503];
    for (const answer of answers) {
      site.changes.splice(0, 1, [/^(?:index\.html|everything\.json)$/, answer]);
      await page.goto('about:blank');
      await page.goto(`${site.url}#preset=mnist`);
      await page.waitForLoadState('networkidle');
      expect(await kept(page, site)).toEqual(expect.arrayContaining(before));
    }
    await site.close();
    await starts(page, `${site.url}#preset=mnist`);
  });

  test('a damaged copy that an earlier build kept is found out', async ({ page, site }) => {
    await starts(page, `${site.url}#preset=mnist`);
    await whole(page, site);
    const name = site.list(/^engine_cpu-.*_bg\.wasm$/)[0];
    await page.evaluate(async ([url]) => {
      await (await caches.open('intab-page')).put(url, new Response('<p>Please log in'));
      for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
    }, [site.url + name]);
    await page.goto('about:blank');
    await page.goto(`${site.url}#preset=mnist`);
    await expect.poll(() => page.evaluate(async (url) => (await (await caches.match(url))?.arrayBuffer())?.byteLength ?? 0, site.url + name), { timeout: 30_000 })
      .toBeGreaterThan(100_000);
    await starts(page, `${site.url}#preset=mnist`);
  });
});

test('a start that failed for a bad file repairs itself once the host is well', async ({ page, site }) => {
  site.headers = { 'cache-control': 'max-age=31536000, immutable' };
  let answers = 0;
  // A copy that the browser's own cache then holds for a year.
  site.changes.push([/^app-.*_bg\.wasm$/, (bytes) => ((answers += 1) === 1 ? LOGIN : bytes)]);
  await page.goto(`${site.url}#preset=mnist`);
  await page.waitForFunction(() => window.intab, null, { timeout: 30_000 });
  await page.evaluate(() => window.intab.ready);
  expect(answers).toBeGreaterThan(1);
});

test('a start that cannot be repaired says what to do', async ({ page, site }) => {
  site.changes.push([/^app-.*_bg\.wasm$/, () => LOGIN]);
  let opened = 0;
  page.on('request', (request) => { opened += Number(request.isNavigationRequest()); });
  await page.goto(`${site.url}#preset=mnist`);
  await expect(page.locator('.status-state')).toContainText('could not be loaded', { timeout: 30_000 });
  expect(opened, 'loaded again once').toBe(2);
});

for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
  test(`“${name}” as a language, a preset and a lesson is a name like any other`, async ({ lab }) => {
    const { page, site } = lab;
    for (const address of [`?lang=${name}#preset=mnist`, `?lang=de#preset=${name}`, `?lang=de#lesson=${name}`]) {
      await starts(page, site.url + address);
      await expect(page.locator('.page')).toBeVisible();
      await expect(page.locator('html.wordless')).toHaveCount(0);
    }
    expect(site.requests.filter((path) => path.includes('undefined'))).toEqual([]);
  });
}

test('a frame with autoplay below the fold plays when it is scrolled to', async ({ page, site }) => {
  await page.goto(site.url);
  // A page that is still to be drawn would draw over the frame.
  await page.waitForFunction(() => window.intab);
  await page.evaluate((src) => {
    document.body.innerHTML = `<p style="height:2400px">text</p><iframe style="width:900px;height:520px" src="${src}"></iframe>`;
  }, `${site.url}?embed=1&autoplay=1&x#preset=mnist&model.id=mlp&engine=cpu&train.epochs=1000`);
  const frame = page.frames().at(-1);
  await frame.waitForFunction(() => window.intab);
  await frame.evaluate(() => window.intab.ready);
  expect(await frame.evaluate(() => window.intab.state().run.step)).toBe(0);
  await page.locator('iframe').scrollIntoViewIfNeeded();
  await expect.poll(() => frame.evaluate(() => window.intab.state().run.step)).toBeGreaterThan(5);
});
