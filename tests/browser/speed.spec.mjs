// The page that says how fast a device is: it measures the real engines, and nothing of the visitor's changes.
import { expect, test } from './lab.mjs';

async function measure(page) {
  await page.getByRole('button', { name: /^(Measure|Messen)$/ }).click();
  await expect(page.getByRole('table')).toBeVisible({ timeout: 100_000 });
}

/** What stays of a visit: settings, kept runs and the last checkpoint. */
const kept = (page) => page.evaluate(async () => {
  const names = (await (await caches.open('intab-v1')).keys()).map(({ url }) => url).filter((url) => url.includes('/run/'));
  return { settings: { ...localStorage }, names };
});

test('it is a link away from the engines and from Help, and leaves the run and what is kept as they are', async ({ lab, page, context }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  await lab.call('step', 30);
  await expect.poll(async () => (await kept(page)).names).toHaveLength(2);
  const before = await kept(page);
  await page.getByRole('button', { name: 'Help' }).click();
  const link = page.getByRole('dialog').getByRole('link', { name: 'How fast is this device?' });
  await expect(link).toHaveAttribute('href', 'speed/?lang=en');
  await page.keyboard.press('Escape');
  await page.getByTestId('engine').evaluate((details) => { details.open = true; });
  const [speed] = await Promise.all([context.waitForEvent('page'), page.getByTestId('engine').getByRole('link').click()]);
  await measure(speed);
  const rows = speed.getByRole('row');
  await expect(rows.filter({ hasText: 'Convolutional network, 54,314 parameters' })).toBeVisible();
  await expect(rows.filter({ hasText: 'Multi-layer perceptron, 109,386 parameters' })).toBeVisible();
  for (const row of await rows.filter({ hasText: 'CPU' }).all()) await expect(row).toHaveText(/^CPU, (one core|\d cores), SIMD\d[\d.,]*\d[\d.,]*\d+%$/);
  expect(speed.frames()).toHaveLength(1);
  expect(await kept(page)).toEqual(before);
  expect((await lab.state()).run).toMatchObject({ step: 30, state: 'paused' });
});

test('in German, in the dark, on a phone: nothing serious for axe, and it can be copied', async ({ lab, page, site, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.setViewportSize({ width: 390, height: 780 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${site.url}speed/?lang=de`);
  await expect(page.getByRole('heading', { name: 'Wie schnell ist dieses Gerät?' })).toBeVisible();
  await lab.isFitNow();
  await measure(page);
  await lab.isFitNow();
  await page.getByRole('button', { name: 'Als Text kopieren' }).click();
  await expect(page.getByRole('status')).toHaveText('Kopiert.');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/Faltungsnetz, 54\.314 Parameter, Batches von 64\n {2}CPU, ein Kern, SIMD: \S+ Millisekunden je Schritt, \S+ Bilder je Sekunde/);
});

test('a workload that does not exist is refused by name', async ({ lab, page }) => {
  await lab.open('#preset=mnist');
  const why = await page.evaluate(() => window.intab.bench('W9').catch((error) => error.message));
  expect(why).toContain('there is no workload “W9”; there are W1, W2');
});
