// Each program is in two halves (src/tools/build/split): a first visit to the first lab shows with the first alone, and the
// rest is there when it is needed. An engine may ask for its rest at any time: nobody sees it wait.
import { expect, test } from './lab.mjs';

test('the first lab trains, and reads a digit, with the first half of the page’s program alone', async ({ lab, page, site }) => {
  site.changes.push([/^app.*_rest\.wasm$/, 404]);
  await page.goto(`${site.url}#preset=mnist`);
  await page.waitForFunction(() => window.intab);
  // A script asks as soon as it may, also while the data is on its way.
  const state = await page.evaluate(async () => {
    await window.intab.ready;
    return window.intab.state().run.state;
  });
  expect(['loading', 'paused']).toContain(state);
  await lab.ready();
  await lab.play.click();
  await lab.until({ step: 60 });
  await lab.draw([[0.5, 0.2], [0.5, 0.8]]);
  await expect(lab.answer).toContainText(/\d/);
  await lab.play.click();
  await lab.until({ state: 'paused' });
  await expect(lab.notices).toHaveCount(0);
});

test('what the first half has not waits for the second, and the page’s thread never does', async ({ lab, context }) => {
  const asked = [];
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  // As on a slow network, where nothing has come yet.
  await context.route('**/app*_rest.wasm', async (route) => {
    asked.push(route.request().resourceType());
    await held;
    await route.continue();
  });
  await lab.open('#preset=mnist');
  await lab.page.evaluate(() => { location.hash = '#preset=penguins'; });
  await lab.page.getByRole('button', { name: 'Share' }).click();
  await expect.poll(() => asked).toEqual(['fetch']);
  await expect(lab.page.getByTestId('grid')).toHaveCount(0);
  release();
  await expect(lab.page.getByRole('dialog')).toBeVisible();
  await expect(lab.page.getByTestId('grid')).toBeVisible();
  await lab.call('step', 3);
  expect(asked).toEqual(['fetch']);
});

test('on the front page a mouse, a finger and the keyboard go before the second half is here', async ({ lab, context }) => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await context.route('**/app*_rest.wasm', async (route) => { await held; await route.continue(); });
  const { page, site } = lab;
  await page.goto(site.url);
  await page.waitForFunction(() => window.intab);
  const begin = page.getByRole('link', { name: /Begin: Read handwritten digits/ });
  await begin.hover();
  for (let i = 0; i < 8; i += 1) await page.keyboard.press('Tab');
  for (const key of ['ArrowDown', 'End', 'Home', 'Escape']) await page.keyboard.press(key);
  await page.mouse.wheel(0, 600);
  await begin.focus();
  await page.keyboard.press('Enter');
  release();
  await expect(page.getByTestId('guide')).toContainText('Read handwritten digits');
});

test('a page that cannot have its second half says so', async ({ page, site }) => {
  site.changes.push([/^app.*_rest\.wasm$/, 404]);
  await page.goto(`${site.url}#preset=mnist`);
  await page.waitForFunction(() => window.intab?.ready);
  await page.evaluate(() => { location.hash = '#preset=penguins'; });
  await expect(page.getByRole('alert').filter({ hasText: 'A part of the page could not be loaded' })).toBeVisible();
});
