// A range test finds a learning rate, and the run knows nothing of it until the visitor takes it.
import { expect, test } from './lab.mjs';

async function find(page) {
  await page.getByTestId('training').evaluate((details) => { details.open = true; });
  await page.getByTestId('find-rate').click();
}

test('a learning rate is found, taken, and the run left as it is', async ({ lab, page }) => {
  await lab.open('#preset=mnist&model.id=mlp&train.learning_rate=0.3');
  const alone = await lab.firstLosses(8);
  await lab.call('reset');
  const before = await lab.firstLosses(4);
  await find(page);
  const dialog = page.getByTestId('rates');
  await expect(dialog.getByTestId('suggested')).toContainText(/the one at 0\.\d+ came lowest, to a loss of \d/);
  await expect(dialog.getByTestId('rate-mark')).toHaveAttribute('d', /^M\d+ 0V1000$/);
  expect((await lab.state()).run.step).toBe(4);
  const words = await dialog.getByTestId('use-rate').innerText();
  const rate = Number(words.replace('Use ', ''));
  expect(rate).toBeGreaterThan(0.0005);
  expect(rate).toBeLessThan(0.03);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(await lab.firstLosses(4)).toEqual(alone);
  expect(before).toEqual(alone.slice(0, 4));

  // Found again, it is the same; taken, it is the run's.
  await page.getByTestId('find-rate').press('Enter');
  await expect(dialog.getByTestId('use-rate')).toHaveText(words);
  await dialog.getByTestId('use-rate').click();
  await expect(dialog).toBeHidden();
  expect((await lab.state()).spec['train.learning_rate']).toBe(rate);
  expect((await lab.state()).run.step).toBe(8);
});

test('rows and points have one as well, while they play, and one that learns nothing says so', async ({ lab, page }) => {
  for (const preset of ['penguins', 'plane']) {
    await lab.open(`#preset=${preset}&train.epochs=1000`);
    await lab.call('play');
    await find(page);
    await expect(page.getByTestId('use-rate')).toHaveText(/^Use (0\.\d+|1)$/);
    expect((await lab.state()).run.state).toBe('playing');
    await page.keyboard.press('Escape');
    await lab.call('pause');
  }
  await lab.call('set', { 'train.init': 'zeros', 'data.id': 'xor', 'train.optimizer': 'sgd' });
  await find(page);
  await expect(page.getByTestId('rates')).toContainText('No learning rate made the loss fall clearly');
});

test('axe finds nothing serious in the dialog, in the dark on a phone', async ({ lab, page }) => {
  await page.setViewportSize({ width: 390, height: 780 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await lab.open('#preset=penguins');
  await page.getByRole('tab', { name: 'Model' }).click();
  await find(page);
  await expect(page.getByTestId('use-rate')).toBeVisible();
  await lab.isFitNow();
});
