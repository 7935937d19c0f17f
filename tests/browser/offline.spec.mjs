// After one visit, what was seen works without a network.
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

test('without a network the page opens and trains', async ({ lab, page, site }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  await lab.call('step', 5);
  await everythingKept(page);
  await site.close();
  await page.reload();
  await lab.ready();
  const losses = await lab.firstLosses(5);
  expect(losses).toHaveLength(5);
  await expect(lab.notices).toHaveCount(0);
});

test('a new build takes the place of the old one, whole', async ({ lab, page, site }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  await page.evaluate(() => navigator.serviceWorker.ready);
  // The same page with another style sheet: all that a new build is to the cache.
  const renamed = (bytes) => Buffer.from(bytes.toString().replace(/style-[0-9a-f]{8}\.css/, 'style-00000000.css'));
  site.changes.push([/^index\.html$/, renamed], [/^$/, renamed]);
  site.aliases = { 'style-00000000.css': (await page.evaluate(() => document.querySelector('link[rel=stylesheet]').getAttribute('href'))).slice(2) };
  await page.reload();
  await lab.ready();
  await expect.poll(() => page.evaluate(async () => {
    const kept = await (await caches.open('intab-page')).keys();
    return kept.map((request) => request.url.split('/').pop()).filter((name) => name.endsWith('.css'));
  })).toEqual(['style-00000000.css']);
});
