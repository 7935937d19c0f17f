// How much data is enough: runs one after another beside the run that is shown, a curve, and nothing done twice.
import { expect, test } from './lab.mjs';

const open = async (page) => {
  const panel = page.getByTestId('experiment');
  await panel.scrollIntoViewIfNeeded();
  await panel.locator('summary').first().click();
  return panel;
};
const done = async (page) => Number((await page.getByTestId('experiment-status').innerText()).match(/^(\d+) of/)?.[1] ?? 0);
/** Accuracy by examples of each class, as the table has it. */
const means = async (page) => {
  const rows = await page.getByTestId('experiment-table').locator('tbody tr').allInnerTexts();
  return new Map(rows.map((row) => row.split('\t')).map(([, value, mean]) => [Number(value.replaceAll(/\D/g, '')), Number.parseFloat(mean)]));
};

test('a curve draws itself beside the run, and goes on after a reload without doing anything twice', async ({ lab, page }) => {
  test.setTimeout(180_000);
  await lab.open('#preset=mnist&model.id=mlp');
  const panel = await open(page);
  await panel.getByLabel('Seeds').selectOption('1');
  await expect(page.getByTestId('experiment-status')).toHaveText('0 of 8 runs done');
  await panel.getByTestId('experiment-run').click();
  await expect.poll(() => done(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  const { run } = await lab.state();
  expect(run.step, 'the run that is shown takes no part').toBe(0);
  await panel.getByTestId('experiment-run').click();
  const before = await done(page);
  await expect(panel.getByTestId('experiment-run')).toHaveText('Go on');
  await page.reload();
  await lab.ready();
  await open(page);
  await panel.getByLabel('Seeds').selectOption('1');
  await expect.poll(() => done(page)).toBe(before);
  await panel.getByTestId('experiment-run').click();
  await expect.poll(() => done(page), { timeout: 90_000 }).toBeGreaterThanOrEqual(5);
  await panel.getByTestId('experiment-run').click();
  const count = await done(page);
  await expect(panel.locator('.experiment-dot')).toHaveCount(count);
  await panel.getByText('As a table').click();
  const found = await means(page);
  expect(found.size).toBe(count);
  expect(found.get(100)).toBeGreaterThan(found.get(1) + 15);
  expect(found.get(100)).toBeGreaterThan(75);
  // A dot is a run: it opens as it was.
  await panel.locator('.experiment-dot').nth(2).dispatchEvent('click');
  await expect.poll(async () => (await lab.state()).spec['data.per_class']).toBe(10);
  await expect(page.getByTestId('split')).toContainText('100 of 60,000');
});

test('a script runs an experiment, and gets its points', async ({ lab, page }) => {
  test.setTimeout(120_000);
  await lab.open('#preset=how_much&model.id=mlp&train.augment=off');
  const panel = page.getByTestId('experiment');
  await expect(panel.getByTestId('experiment-run'), 'open by itself').toHaveText('Run them');
  await expect(panel.locator('.chart-epochs'), 'all that is planned, before anything ran').toContainText('1,000');
  for (const [asked, why] of [[{}, 'takes sizes or wrong_labels'], [{ sizes: [0] }, 'whole numbers from 1 to 6000'], [{ sizes: [3], methods: ['linear'] }, '“methods” is not known'], [{ sizes: [3], seeds: 0 }, 'seeds is a whole number'], [{ wrong_labels: [200] }, 'whole numbers from 0 to']]) {
    await expect(lab.call('experiment', asked)).rejects.toThrow(why);
  }
  await expect(page.getByTestId('experiment-status'), 'what is refused changes nothing').toHaveText('0 of 24 runs done');
  await expect(panel.locator('.chart-epochs')).toContainText('1,000');
  const { points } = await lab.call('experiment', { sizes: [2, 40], seeds: 2 });
  expect(points.map(({ size, seed, method }) => [size, seed, method])).toEqual([[2, 1, 'scratch'], [40, 1, 'scratch'], [2, 2, 'scratch'], [40, 2, 'scratch']]);
  expect(points[1].metric).toBeGreaterThan(points[0].metric);
  await expect(page.getByTestId('experiment-status')).toHaveText('4 of 4 runs done');
  expect(await lab.call('experiment', { sizes: [40], seeds: 1 }), 'nothing is done twice').toEqual({ points: [points[1]] });
});

test('wrong labels are learned as they are said, and the test set keeps its own', async ({ lab }) => {
  const late = async () => (await lab.firstLosses(150)).slice(-30).reduce((sum, loss) => sum + loss / 30, 0);
  await lab.open('#preset=mnist&model.id=mlp&data.wrong_labels=60');
  const careless = await late();
  await lab.call('set', { 'data.wrong_labels': 0 });
  const careful = await late();
  expect(careful).toBeLessThan(careless - 0.5);
  await expect.poll(async () => (await lab.state()).run.test?.step).toBe(150);
  expect((await lab.state()).run.test.loss).toBeLessThan(1);
});
