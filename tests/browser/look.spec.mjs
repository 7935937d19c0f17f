// Anyone can use it: sizes from a small phone to a projector, keyboard alone, screen readers, both themes.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './lab.mjs';

for (const width of [320, 390, 640, 960, 1280, 1920]) {
  test(`nothing scrolls sideways at ${width} px`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 720 });
    await lab.open('#preset=mnist&model.id=mlp');
    await lab.call('step', 30);
    const tabs = page.getByRole('tab');
    for (let tab = 0; tab < Math.max(1, await tabs.count()); tab += 1) {
      if (await tabs.nth(tab).isVisible().catch(() => false)) await tabs.nth(tab).click();
      const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
      expect(scroll).toBeLessThanOrEqual(client);
      await expect(lab.play).toBeInViewport();
    }
  });
}

for (const scheme of ['light', 'dark']) {
  test(`axe finds nothing serious (${scheme})`, async ({ lab, page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await lab.open('#preset=mnist&model.id=mlp');
    await lab.call('step', 60);
    await lab.until({ test_accuracy: 0.2 });
    await expect(page.getByTestId('mistakes').locator('img').first()).toBeVisible();
    for (const summary of await page.locator('summary').all()) await summary.click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  });
}

test('with the keyboard alone: play, step, reset, and keys that are only ours', async ({ lab, page }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  // The first thing that Tab reaches leads past the pictures.
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the training controls' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(lab.play).toBeFocused();
  expect((await lab.state()).spec['model.id'], 'the address is not the link’s to change').toBe('mlp');
  expect(page.url()).toContain('model.id=mlp');
  await page.keyboard.press('Space');
  await lab.until({ step: 5 });
  await page.keyboard.press('Space');
  await lab.until({ state: 'paused' });
  const { run } = await lab.state();
  await page.keyboard.press('.');
  await expect.poll(async () => (await lab.state()).run.step).toBe(run.step + 1);
  await page.keyboard.press('r');
  await expect.poll(async () => (await lab.state()).run.step).toBe(0);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('milestones are announced, steps are not', async ({ lab, page }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  const announcer = page.getByTestId('announcer');
  await expect(announcer).toHaveAttribute('aria-live', 'polite');
  // Everything that it says, also what the next words replace.
  await page.evaluate(() => {
    const announcer = document.querySelector('[data-testid=announcer]');
    window.said = [];
    new MutationObserver(() => window.said.push(announcer.textContent)).observe(announcer, { childList: true, characterData: true, subtree: true });
  });
  await lab.call('play');
  await lab.until({ step: 40 });
  await lab.call('pause');
  const said = () => page.evaluate(() => window.said);
  await expect.poll(said).toContain('Training');
  await expect.poll(said).toContainEqual(expect.stringMatching(/^Paused at step \d+$/));
  expect((await said()).length, 'not every step').toBeLessThan(8);
});
