// Weights that ship with the project: as good here as their manifest says, and where training can go on from.
import { expect, test } from './lab.mjs';

const percent = (share) => (100 * share).toFixed(2);

test('shipped weights are as good in the tab as their manifest says, and learn on from there', async ({ lab, page, site }) => {
  await lab.open('#preset=cifar10');
  const made = await (await page.request.get(`${site.url}trained/cifar10.json`)).json();
  expect(made.info.test_accuracy).toBeGreaterThan(0.8);
  expect(made.info.test_count).toBe(10_000);
  const panel = page.getByTestId('trained');
  await expect(panel).toContainText(percent(made.info.test_accuracy));
  await panel.getByRole('button').click();
  await lab.until({ test_accuracy: 0.5 });
  const { run, spec } = await lab.state();
  expect(run).toMatchObject({ step: 0, test: { step: 0, count: 10_000 } });
  expect(spec['model.id']).toBe('cnn_deep');
  // The figure is of one source's pictures; another's have figures of their own.
  const data = await (await page.request.get(`${site.url}datasets/cifar10/v1/manifest.json`)).json();
  if (data.source === made.source) expect(percent(run.test.accuracy)).toBe(percent(made.info.test_accuracy));

  // A few steps at a small rate do not undo what was learned: an untrained network is at 2.3.
  const losses = await lab.firstLosses(12);
  expect(losses).toHaveLength(12);
  expect(losses.reduce((sum, loss) => sum + loss) / losses.length).toBeLessThan(1);
});
