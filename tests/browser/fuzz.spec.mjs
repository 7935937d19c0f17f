// Seeded fuzzing of what the service worker is answered: files of the site come back poisoned, by chance; once the host is
// well again, the site starts, from what it says or from what was kept. INTAB_FUZZ_PAGES=50 tries as many, and
// INTAB_FUZZ_SEED=7 that one case alone, which is what a failure names.
import { expect, test } from './lab.mjs';

const CASES = Number(process.env.INTAB_FUZZ_PAGES ?? 3);
const ONE = process.env.INTAB_FUZZ_SEED;
const SEEDS = ONE === undefined ? Array.from({ length: CASES }, (_, seed) => seed) : [Number(ONE)];
const LOGIN = Buffer.from('<!doctype html><title>WiFi</title><p>Please log in</p>');

/** Mulberry32: a whole number below n, the same ones for the same seed. */
function chances(seed) {
  let state = seed + 1;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32 * n);
  };
}

/** What an answer can be instead of the file, by name. */
const answers = (below, others) => ({
  'a login page': () => LOGIN,
  'cut short': (bytes) => bytes.subarray(0, below(bytes.length)),
  'one bit flipped': (bytes) => {
    const copy = Buffer.from(bytes);
    copy[below(copy.length)] ^= 1 << below(8);
    return copy;
  },
  'another file': () => others,
  empty: () => Buffer.alloc(0),
  404: 404,
  503: 503,
  cut: 'cut',
});

/** The page has started: it is drawn by the program, and its engine has spoken. */
async function starts(page, address) {
  await page.goto('about:blank');
  await page.goto(address);
  await page.waitForFunction(() => window.intab && !document.querySelector('#app > [aria-busy]'), null, { timeout: 30_000 });
  await page.evaluate(() => window.intab.ready);
}

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  for (const seed of SEEDS) {
    test(`poisoned answers by chance, then a host that is well (INTAB_FUZZ_SEED=${seed})`, async ({ page, site }) => {
      test.setTimeout(180_000);
      const below = chances(seed);
      const files = site.list(/^(?:index\.html|everything\.json|sw\.js|(?:app|engine_cpu|style|lessons-en|take|hold|frame)[^/]*\.(?:js|wasm|css|json))$/);
      const address = `${site.url}#preset=mnist`;
      // Poison at the first visit, and over a copy that is kept.
      if (below(2)) await starts(page, address);
      const said = [];
      for (let visit = 0; visit < 1 + below(2); visit += 1) {
        for (let count = 1 + below(3); count > 0; count -= 1) {
          const file = files[below(files.length)];
          const kinds = answers(below, Buffer.from(`not ${file}`));
          const kind = Object.keys(kinds)[below(Object.keys(kinds).length)];
          said.push(`${file}: ${kind}`);
          site.changes.push([new RegExp(`^${RegExp.escape?.(file) ?? file.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`), kinds[kind]]);
        }
        await page.goto('about:blank');
        await page.goto(address).catch(() => {});
        await page.waitForLoadState('networkidle', { timeout: 20_000 }).catch(() => {});
        site.changes.length = 0;
      }
      await test.step(said.join(', '), () => starts(page, address));
      await page.evaluate(() => window.intab.step(2));
      expect(await page.evaluate(() => window.intab.state().run.step), said.join(', ')).toBe(2);
    });
  }
});
