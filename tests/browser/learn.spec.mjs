// It learns, in front of the visitor, and can be looked into.
import { expect, test } from './lab.mjs';

test('the network learns MNIST above 97 % of all 10,000 test digits', async ({ lab, page }) => {
  test.setTimeout(400_000);
  await lab.open();
  await lab.play.click();
  await expect(lab.play).toHaveText('Pause');
  await expect(lab.status).toContainText(/Training|Loading/);
  const { run, engine } = await lab.until({ test_accuracy: 0.97 }, 380);
  expect(engine.kind).toBe('cpu');
  expect(run.test.count).toBe(10_000);
  await expect(lab.accuracy).toContainText('of 10,000 test digits');
  await expect(page.getByTestId('engine-chip')).toContainText('ms a step');

  // Pause means paused: nothing has moved after two more answers from the engine.
  await lab.play.click();
  await lab.until({ state: 'paused' });
  const { run: paused } = await lab.state();
  await lab.ask({ kind: 'mistakes', limit: 1 });
  await lab.ask({ kind: 'predict', input: new Array(784).fill(0) });
  expect((await lab.state()).run.step).toBe(paused.step);
  await expect(lab.play).toHaveText('Play');

  // The confusion matrix is of all test digits; a cell shows its pictures; the grid is walked with arrow keys.
  const confusion = await lab.ask({ kind: 'confusion' });
  expect(confusion.confusion.flat().reduce((sum, count) => sum + count)).toBe(10_000);
  const grid = page.getByRole('grid', { name: /Confusion matrix/ });
  await grid.getByRole('gridcell').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cell-pictures').locator('img').first()).toBeVisible();
  await expect(page.getByTestId('mistakes').locator('img').first()).toBeVisible();

  // Most of the fixed grid is right by now.
  await expect(page.getByTestId('test-grid').locator('img')).toHaveCount(30);
  await expect(page.getByText(/(2[5-9]|30) of these 30 right now/)).toBeVisible();

  await lab.reset.click();
  await expect.poll(async () => (await lab.state()).run.step).toBe(0);
  await expect(lab.accuracy).toContainText('not tested yet');
});

test('the preset that is built to learn fast reads over 99 % of all 10,000 test digits after an epoch and a half', async ({ lab, page }) => {
  test.setTimeout(400_000);
  await lab.open('#preset=digits');
  await expect(page.getByTestId('parameters')).toContainText('14,466 parameters');
  await lab.play.click();
  await lab.until({ state: 'done' }, 380);
  await expect.poll(async () => {
    const { run } = await lab.state();
    return run.test?.step === run.step;
  }, { timeout: 60_000 }).toBe(true);
  const { run } = await lab.state();
  expect(run.epoch).toBeCloseTo(1.5, 2);
  expect(run.test.count).toBe(10_000);
  expect(run.test.accuracy).toBeGreaterThan(0.99);
});

test('one step is one step, and the learning rate changes while it runs', async ({ lab, page }) => {
  await lab.open();
  await lab.step.click();
  await expect.poll(async () => (await lab.state()).run.step).toBe(1);
  await lab.call('step', 4);
  expect((await lab.state()).run.step).toBe(5);
  await lab.play.click();
  await lab.until({ step: 12 });
  await lab.call('set', { 'train.learning_rate': 0.0001 });
  const { run, spec } = await lab.until({ step: 25 });
  expect(run.step, 'the run went on').toBeGreaterThanOrEqual(25);
  expect(spec['train.learning_rate']).toBe(0.0001);
  await page.keyboard.press('Escape');
});

test('the same link gives the same losses, another seed gives others', async ({ lab }) => {
  await lab.open('#preset=mnist&model.id=mlp&seed=3');
  const first = await lab.firstLosses(10);
  expect(first).toHaveLength(10);
  expect(first[0]).toBeGreaterThan(1.5);
  await lab.call('reset');
  expect(await lab.firstLosses(10)).toEqual(first);
  await lab.call('set', { seed: 4 });
  expect(await lab.firstLosses(10)).not.toEqual(first);
});

test('every optimiser and every model trains', async ({ lab }) => {
  await lab.open('#preset=mnist&model.id=mlp');
  const { optimizers, models } = await lab.page.evaluate(() => window.intab.ready);
  for (const { id } of optimizers) {
    await lab.call('set', { 'train.optimizer': id, 'train.learning_rate': id === 'sgd' ? 0.1 : id === 'momentum' ? 0.02 : 0.002, 'train.schedule': 'constant' });
    const losses = await lab.firstLosses(60);
    expect(losses.at(-1), `${id} after 60 steps`).toBeLessThan(losses[0] * 0.7);
  }
  for (const { id } of models) {
    // A network of sequences takes no pictures, and says so.
    await lab.call('set', { 'data.id': 'mnist', 'model.id': id }).catch(async ({ message }) => {
      expect(message, id).toContain('this network takes other data');
      await lab.call('set', { 'data.id': { many_to_one: 'sine', seq2seq: 'translate' }[id] ?? 'names', 'model.id': id });
    });
    // About ln 28 of the names' letters, or ln 58 of the numbers' words, before anything is learned.
    expect((await lab.firstLosses(3))[0], id).toBeLessThan(4.5);
  }
});

test('a diverging run ends in words, and Reset starts again', async ({ lab }) => {
  await lab.open('#preset=mnist&model.id=mlp&train.optimizer=sgd&train.learning_rate=10');
  await lab.call('set', { 'train.schedule': 'constant' });
  await lab.play.click();
  await expect(lab.notices).toContainText('no longer a number');
  await expect(lab.notices).toContainText('smaller learning rate');
  await lab.call('set', { 'train.learning_rate': 0.01 });
  await lab.call('reset');
  await lab.call('play');
  await lab.until({ step: 20 });
});
