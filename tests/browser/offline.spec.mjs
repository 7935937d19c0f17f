// Without a network: what was seen works after one visit, and everything does once it was taken along.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect, test } from './lab.mjs';

test.use({ serviceWorkers: 'allow' });

/** The page's own files are kept, and every shard of the dataset. */
async function everythingKept(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(async () => {
    const kept = await (await caches.open('intab-v1')).keys();
    const names = kept.map((request) => request.url);
    const manifest = names.find((name) => name.endsWith('mnist/v1/manifest.json'));
    if (!manifest) return 'no manifest';
    const { train, test } = await (await caches.match(manifest)).json();
    return [...train, ...test].filter(({ file }) => !names.some((name) => name.endsWith(file))).length;
  }), { timeout: 60_000 }).toBe(0);
}

const verdict = (page) => page.getByTestId('verdict');

async function classify(page, site) {
  await page.goto(`${site.url}#preset=imagenet`);
  await page.getByRole('button', { name: 'Bananas' }).click();
  await expect(verdict(page)).toContainText('Banana');
}

test('without a network the page opens, learns digits to over 90 % and names a picture', async ({ lab, page, site }) => {
  await classify(page, site);
  const picturesKept = () => page.evaluate(async () => Boolean(await caches.match('samples/v1/index.json')));
  await expect.poll(picturesKept, { timeout: 60_000 }).toBe(true);
  await lab.open('#preset=mnist');
  await everythingKept(page);
  await site.close();
  await page.reload();
  await lab.ready();
  await lab.call('play');
  await lab.until({ test_accuracy: 0.9 });
  await expect(lab.notices).toHaveCount(0);
  await lab.call('pause');
  // Another address than the last, so that the page is opened, not only its hash changed.
  await page.goto('about:blank');
  await classify(page, site);
});

test('a new build takes the place of the old one, whole', async ({ lab, page: tab, site }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  await tab.evaluate(() => navigator.serviceWorker.ready);
  // The same page with another style sheet: all that a new build is to the cache.
  const renamed = (bytes) => Buffer.from(bytes.toString().replace(/style-[0-9a-f]{8}\.css/, 'style-00000000.css'));
  const page = renamed(await readFile('dist/index.html'));
  const sha256 = createHash('sha256').update(page).digest('hex');
  const relisted = (bytes) => {
    const list = JSON.parse(bytes);
    const style = list.files.find(({ path }) => path.startsWith('style-'));
    list.files.push({ ...style, path: 'style-00000000.css' });
    list.files.find(({ path }) => path === '').sha256 = sha256;
    return JSON.stringify(list);
  };
  site.changes.push([/^index\.html$/, renamed], [/^everything\.json$/, relisted]);
  site.aliases = { 'style-00000000.css': (await tab.evaluate(() => document.querySelector('link[rel=stylesheet]').getAttribute('href'))).slice(2) };
  await tab.reload();
  await lab.ready();
  await expect.poll(() => tab.evaluate(async () => {
    const kept = await (await caches.open('intab-page')).keys();
    return kept.map((request) => request.url.split('/').pop()).filter((name) => name.endsWith('.css'));
  })).toEqual(['style-00000000.css']);
});

test.describe('take it all', () => {
  const offer = (page) => page.getByTestId('take-all');
  const press = (page, name) => offer(page).getByRole('button', { name }).click();

  const open = async (page, site) => {
    await page.goto(site.url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect(offer(page)).toContainText(/for a place without a network: \d+/);
  };

  /** Names of what is kept of a dataset. */
  const shards = (page, id) => page.evaluate(async (id) => {
    const kept = await (await caches.open('intab-v1')).keys();
    return kept.map(({ url }) => url).filter((url) => url.includes(id) && url.endsWith('.shard')).map((url) => url.split('/').pop());
  }, id);

  test('the size is said first; then all of it works without a network, seen or not', async ({ lab, page, site }) => {
    await open(page, site);
    await expect(offer(page)).toContainText(/\d+.MB/);
    expect(site.requests.filter((path) => path.endsWith('.shard')), 'nothing before it is asked for').toEqual([]);
    await press(page, 'Keep all of it');
    await expect(offer(page).getByRole('progressbar')).toBeVisible();
    await expect(offer(page)).toContainText('Everything is here', { timeout: 60_000 });
    await site.close();
    await page.goto('about:blank');
    await classify(page, site);
    await lab.open('#preset=fashion&model.id=mlp');
    expect(await lab.firstLosses(5)).toHaveLength(5);
    await page.goto(`${site.url}slides/`);
    await expect(page.locator('.reveal h1')).toBeVisible();
    await expect(page.locator('.reveal.ready')).toBeAttached();
    await page.goto(site.url);
    await expect(offer(page)).toContainText('Everything is here');
  });

  test('a damaged file is not kept, what came before it is, and it goes on from there', async ({ page, site }) => {
    await open(page, site);
    const [damaged] = site.list(/^datasets\/fashion_mnist\/.*train-002.*\.shard$/);
    site.changes.push([/fashion_mnist\/.*train-002/, (bytes) => bytes.map((byte, at) => (at === 99 ? byte ^ 1 : byte))]);
    await press(page, 'Keep all of it');
    await expect(offer(page).getByRole('alert')).toContainText('train-002');
    await expect(offer(page).getByRole('alert')).toContainText('damaged');
    const kept = await shards(page, 'fashion_mnist');
    expect(kept).toContainEqual(expect.stringContaining('train-001'));
    expect(kept).not.toContain(damaged.split('/').pop());
    site.changes.length = 0;
    site.requests.length = 0;
    await press(page, 'Go on');
    await expect(offer(page)).toContainText('Everything is here', { timeout: 60_000 });
    expect(site.requests.filter((path) => /fashion_mnist.*train-001/.test(path)), 'not fetched twice').toEqual([]);
    expect(await shards(page, 'fashion_mnist')).toContain(damaged.split('/').pop());
  });

  test('it can be paused, and a full disk is said', async ({ page, site }) => {
    await open(page, site);
    await page.evaluate(() => {
      const put = Cache.prototype.put;
      window.full = false;
      Cache.prototype.put = function (...all) {
        return window.full ? Promise.reject(new DOMException('Quota exceeded.', 'QuotaExceededError')) : put.apply(this, all);
      };
    });
    await press(page, 'Keep all of it');
    await press(page, 'Pause');
    await expect(offer(page)).toContainText(/Paused: .* of .*are here/);
    await page.evaluate(() => { window.full = true; });
    await press(page, 'Go on');
    await expect(offer(page).getByRole('alert')).toContainText('no more room');
    await page.evaluate(() => { window.full = false; });
    await press(page, 'Go on');
    await expect(offer(page)).toContainText('Everything is here', { timeout: 60_000 });
  });
});
