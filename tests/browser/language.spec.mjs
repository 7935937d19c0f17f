// The page in another language: asked for, chosen, switched while it trains, and missing.
import AxeBuilder from '@axe-core/playwright';
import { expect, png, test } from './lab.mjs';

const GERMAN = '?lang=de#preset=mnist&model.id=mlp';
const language = (page) => page.locator('html').getAttribute('lang');
const menu = (page) => page.locator('[data-control=language]');

/** A picture, and waits until it has been read. */
async function give(page) {
  const drawn = await png(page, { draw: 'M40 40L160 160M160 40L40 160' });
  await page.getByLabel('Choose pictures').setInputFiles({ name: 'cross.png', mimeType: 'image/png', buffer: drawn });
  await expect(page.getByTestId('verdict')).toBeVisible();
}

/** Texts and names on the page that hold one of these words; works keep their titles. */
const said = (page, words) => page.evaluate((words) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  const look = (text) => words.test(text) && found.push(text.trim());
  while (texts.nextNode()) if (!texts.currentNode.parentElement.closest('script, style, noscript, .cannot, option, .facts a, .credit a')) look(texts.currentNode.data);
  for (const place of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
    for (const name of ['aria-label', 'title', 'placeholder']) look(place.getAttribute(name) ?? '');
  }
  return found;
}, words);
/** Words that German does not have. */
const ENGLISH = /\b(the|and|of|is|it|are|you|your|with|from|not|yet|picture|pictures|step|steps|learn|learned|weights|layer|test(ed)? on|right|wrong|show|choose|draw)\b/i;

test('in German: words, numbers, title and language', async ({ lab, page }) => {
  await lab.open(GERMAN);
  expect(await language(page)).toBe('de');
  await expect(page).toHaveTitle('intab: neuronale Netze = Daten + Modell');
  await expect(lab.play).toHaveText('Start');
  await expect(page.getByTestId('split')).toContainText(/\d+\.000 zum Lernen, \d+\.000 zum Testen/);
  await lab.call('step', 60);
  await lab.until({ test_accuracy: 0.2 });
  await expect(lab.accuracy).toContainText(/\d\d,\d\d?\s%/);
  await expect(lab.accuracy).toContainText(/von \d+\.000 Ziffern im Test/);
  await expect(page.getByTestId('learning-rate')).toContainText('0,004');
  for (const summary of await page.locator('summary').all()) await summary.click();
  await expect(page.getByTestId('mistakes').locator('img').first()).toBeVisible();
  expect(await said(page, ENGLISH)).toEqual([]);
});

for (const [preset, place] of [['imagenet', 'drop'], ['own', 'own-data']]) {
  test(`no English is left on ${preset}`, async ({ page, site }) => {
    await page.goto(`${site.url}?lang=de#preset=${preset}`);
    await expect(page.getByTestId(place)).toBeVisible();
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await said(page, ENGLISH)).toEqual([]);
  });
}

test('what was chosen is kept, the address comes before it, and the browser’s language is the first guess', async ({ browser, lab, page, site }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  expect(await language(page), 'Playwright’s browser is English').toBe('en');
  await menu(page).selectOption('de');
  await expect(lab.play).toHaveText('Start');
  await page.reload();
  await lab.ready();
  expect(await language(page)).toBe('de');
  await page.goto(`${site.url}?lang=en#preset=mnist&model.id=mlp`);
  await lab.ready();
  await expect(lab.play).toHaveText('Play');
  const visitor = await browser.newContext({ locale: 'de-AT', serviceWorkers: 'block' });
  const theirs = await visitor.newPage();
  await theirs.goto(`${site.url}#preset=mnist`);
  await expect(theirs.getByTestId('play')).toHaveText('Start');
  await visitor.close();
});

test('switching the language loses nothing of the run', async ({ lab, page }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  await lab.call('step', 40);
  await expect(lab.accuracy).toContainText('tested after step 40');
  const { run } = await lab.state();
  const shown = await lab.accuracy.locator('.headline-figure').innerText();
  await menu(page).selectOption('de');
  await expect(lab.play).toHaveText('Start');
  await expect(lab.accuracy.locator('.headline-figure')).toHaveText(shown.replace('.', ','));
  await expect(menu(page)).toHaveValue('de');
  expect((await lab.state()).run.step).toBe(run.step);
  await menu(page).selectOption('en');
  await expect(lab.play).toHaveText('Play');
  await expect(lab.accuracy.locator('.headline-figure')).toHaveText(shown);
  await lab.call('step', 1);
  expect((await lab.state()).run.step).toBe(run.step + 1);
});

test('switching while it trains goes on training', async ({ lab, page }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  await lab.play.click();
  await lab.until({ step: 20 });
  await menu(page).selectOption('de');
  await expect(lab.play).toHaveText('Pause');
  const { run } = await lab.state();
  await lab.until({ step: run.step + 20 });
  await lab.play.click();
  await lab.until({ state: 'paused' });
});

test('a picture that was read is still there in another language', async ({ page, site }) => {
  await page.goto(`${site.url}#preset=imagenet`);
  await give(page);
  const first = await page.locator('.five-name').first().innerText();
  const asked = site.requests.length;
  await menu(page).selectOption('de');
  await expect(page.getByTestId('took')).toContainText('für das Netz');
  await expect(page.getByTestId('verdict')).toContainText(first);
  expect(site.requests.slice(asked).filter((path) => path.includes('weights/')), 'fetched again').toEqual([]);
});

test('a language that cannot be fetched: English, and one notice', async ({ lab, page, site }) => {
  site.changes.push([/language-de/, 404]);
  await lab.open(GERMAN);
  expect(await language(page)).toBe('en');
  await expect(lab.play).toHaveText('Play');
  await expect(lab.notices).toHaveCount(1);
  await expect(lab.notices).toContainText('in your language could not be fetched');
  // Chosen again, it is fetched again.
  site.changes.pop();
  await menu(page).selectOption('de');
  await expect(lab.play).toHaveText('Start');
});

test('no English is seen before the German page', async ({ page, site }) => {
  // The page's program never comes: what is seen is the page's static part.
  await page.route('**/app-*.wasm', () => {});
  await page.addInitScript(() => {
    window.flashes = [];
    const look = () => {
      const play = document.querySelector('.play span');
      if (play && getComputedStyle(play).visibility === 'visible') window.flashes.push(play.textContent);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(`${site.url}?lang=de#preset=mnist`);
  await expect(page.locator('.play span')).toHaveText('Start');
  await expect(page.locator('.play')).toBeVisible();
  expect([...new Set(await page.evaluate(() => window.flashes))]).toEqual(['Start']);
});

test('a frame in German', async ({ page, site }) => {
  await page.goto(`${site.url}?embed=1&autoplay=0&lang=de#preset=mnist&model.id=mlp`);
  await expect(page.locator('#poster button')).toHaveText('Dieses Labor starten');
  await page.locator('#poster button').click();
  await expect(page.getByTestId('play')).toHaveText('Pause');
  expect(await language(page)).toBe('de');
});

for (const scheme of ['light', 'dark']) {
  test(`axe finds nothing in German (${scheme})`, async ({ lab, page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await lab.open(GERMAN);
    await lab.call('step', 60);
    await lab.until({ test_accuracy: 0.2 });
    for (const button of await page.locator('[data-control=export]').all()) await button.click();
    for (const summary of await page.locator('summary').all()) await summary.click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });
}

for (const width of [320, 390, 1280]) {
  test(`nothing scrolls sideways in German at ${width} px`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 800 });
    for (const preset of ['mnist&model.id=mlp', 'imagenet', 'own']) {
      await page.goto(`${lab.site.url}?lang=de#preset=${preset}`);
      await page.waitForFunction(() => window.intab);
      await expect(page.locator('main').first()).toBeVisible();
      const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      expect(scroll, preset).toBeLessThanOrEqual(client);
    }
  });
}
