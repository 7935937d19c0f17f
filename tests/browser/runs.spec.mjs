// Runs are kept to be compared: behind the live one in its charts, named by their settings, over a reload, in files.
import { readFile } from 'node:fs/promises';
import { expect, test } from './lab.mjs';

const line = (page, run, chart = 'loss') => page.getByTestId(`chart-${chart}`).locator(`[data-run=${run}]`);
const named = (page, run) => page.getByLabel(`Name of run ${run}`, { exact: true });
const step = async (lab) => (await lab.state()).run.step;

test('a kept run stands behind the next one, over a reload and in the files, until it is deleted', async ({ lab, page }) => {
  await lab.open('#preset=mnist&model.id=mlp&train.batch_size=128');
  await lab.call('step', 60);
  await lab.until({ test_accuracy: 0.2 });
  await page.getByTestId('keep-run').click();
  await expect(named(page, 'A')).toHaveValue(/Batch size 128/);
  await expect(page.getByTestId('run-A')).toContainText(/% of 10,000/);
  await expect(line(page, 'A')).toHaveAttribute('d', /^M\d+ \d+L/);

  // Going on, it is the same run: kept once, as far as it came. It is left behind by itself.
  await lab.call('step', 30);
  await lab.call('set', { 'train.batch_size': 64 });
  await expect(page.getByTestId('run-A')).toContainText('90');
  await expect(page.getByTestId('runs').getByRole('checkbox')).toHaveCount(1);
  await lab.call('step', 40);
  await lab.call('reset');
  await expect(page.getByTestId('runs').getByRole('checkbox')).toHaveCount(2);
  expect(await line(page, 'B').getAttribute('style')).not.toBe(await line(page, 'A').getAttribute('style'));

  await named(page, 'A').fill('large batches');
  await named(page, 'A').press('Enter');
  await page.getByLabel('Show run B').uncheck();
  await expect(line(page, 'B')).toHaveCount(0);
  await page.reload();
  await lab.ready();
  await expect(named(page, 'A')).toHaveValue('large batches');
  await expect(page.getByLabel('Show run B')).not.toBeChecked();
  await expect(line(page, 'A', 'accuracy')).toHaveAttribute('d', /^M/);

  await page.locator('.chart-tools [data-control=export]').click();
  const save = async (name) => {
    const coming = page.waitForEvent('download');
    await page.getByRole('button', { name, exact: true }).click();
    return (await readFile(await (await coming).path())).toString();
  };
  const csv = await save('The run as CSV');
  expect(csv).toMatch(/,A large batches\r\n/);
  expect(csv).not.toMatch(/,"?B /);
  const svg = await save('Loss as SVG');
  expect(svg).toContain('>A large batches<');

  // Its settings come back; what differs only in them is not lost.
  await page.getByRole('button', { name: 'Go back to the settings of run A' }).click();
  await expect.poll(async () => (await lab.state()).spec['train.batch_size']).toBe(128);
  await expect.poll(() => page.url()).toContain('train.batch_size=128');
  await page.getByRole('button', { name: 'Delete run A' }).click();
  await expect(named(page, 'A')).toHaveCount(0);
  await expect(page.locator('#runs-title')).toBeFocused();
});

test('rows and points keep runs too, and only what tells the same is compared', async ({ lab, page }) => {
  await lab.open('#preset=penguins');
  await lab.call('step', 50);
  await page.getByTestId('keep-run').click();
  await expect(named(page, 'A')).toHaveValue('Settings of the lab');
  await expect(page.getByTestId('run-A')).toContainText('% of 109');
  await lab.call('set', { 'data.target': 'sex' });
  await expect(page.getByTestId('runs'), 'another question about the same penguins').toHaveCount(0);
  await lab.open('#preset=plane');
  await expect(page.getByTestId('keep-run')).toBeDisabled();
  await expect(page.getByTestId('runs')).toHaveCount(0);
  await lab.call('step', 50);
  // A step or two are not worth keeping, fifty are.
  await lab.call('reset');
  await lab.call('step', 2);
  await lab.call('reset');
  await expect(page.getByTestId('runs').getByRole('checkbox')).toHaveCount(1);
  await lab.call('set', { 'data.id': 'slope' });
  await expect(page.getByTestId('runs')).toHaveCount(0);
  expect(await step(lab)).toBe(0);
});

for (const width of [390, 1280]) {
  test(`axe finds nothing serious beside kept runs at ${width} px`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 780 });
    await lab.open('#preset=penguins');
    for (const seed of [1, 2, 3]) {
      await lab.call('set', { seed });
      await lab.call('step', 40);
    }
    await lab.call('reset');
    await expect(page.getByTestId('runs')).toContainText('of 109');
    await lab.isFitToRead();
  });
}
