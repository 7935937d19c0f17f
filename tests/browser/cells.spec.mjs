// A recurrent layer unrolled: every number of a cell is the sum that is shown of it; and how far back a loss is felt.
import { expect, test } from './lab.mjs';

/** “−0.044”, “(−0.044)” and “1,204” as numbers. */
const number = (text) => Number(text.replace('−', '-').replace(/[(),]/g, ''));
const numbers = async (locator) => (await locator.allInnerTexts()).map(number);
const sum = (all) => all.reduce((total, one) => total + one, 0);
const rounding = 0.0005;

const NAMES = '#preset=names&model.units=32&train.batch_size=64';

/** The strips of a network that has taken some steps. */
async function strips(lab, page, link) {
  await lab.open(link);
  await lab.call('step', 20);
  await lab.until({ step: 20 });
  await expect.poll(async () => (await lab.state()).run.state).toBe('paused');
  const states = page.getByTestId('states');
  await states.scrollIntoViewIfNeeded();
  await expect(states.getByRole('img', { name: /Hidden state.*32 units/ })).toBeVisible();
  return states;
}

/** What the dialog says that the number is. */
const value = async (cell) => number(await cell.getByTestId('way-value').innerText());

/** Products add up to each sum, these and the bias to what the sum gives; the last number is the one that is shown. */
async function addsUp(cell) {
  const outs = await numbers(cell.getByTestId('way-out'));
  const stages = await cell.locator('.way-stage').all();
  for (const [at, stage] of stages.entries()) {
    const products = await numbers(stage.getByTestId('channel-sum'));
    if (products.length === 0) continue;
    const [all] = await numbers(stage.getByTestId('way-sum'));
    const [bias] = await numbers(stage.getByTestId('way-bias'));
    expect(Math.abs(sum(products) - all)).toBeLessThan(rounding * (products.length + 1));
    expect(Math.abs(all + bias - outs[at])).toBeLessThan(3 * rounding);
  }
  expect(Math.abs(outs.at(-1) - await value(cell))).toBeLessThan(2 * rounding);
  return outs;
}

const squashed = (x) => 1 / (1 + Math.exp(-x));

test('a gate of an LSTM is a sum of what comes in and what was kept, and one walks to the step before', async ({ lab, page }) => {
  const states = await strips(lab, page, `${NAMES}&model.cell=lstm`);
  await states.getByRole('textbox').fill('marianne');
  await expect(states.getByRole('img', { name: /\b8 tokens/ })).toBeVisible();
  await states.getByTestId('strip-forget').check({ force: true });
  const stage = states.locator('.mind-stage');
  const box = await stage.locator('canvas').boundingBox();
  await stage.click({ position: { x: (4.5 / 8) * box.width, y: (6.5 / 32) * box.height } });
  const cell = page.getByTestId('cell');
  await expect(cell.getByTestId('way-place')).toHaveText('unit 7, forget gate, at token 5, “a”');
  await expect(cell.locator('.way-stage')).toHaveCount(4);
  const [below, before, both, gate] = await addsUp(cell);
  expect(Math.abs(below + before - both)).toBeLessThan(3 * rounding);
  expect(Math.abs(squashed(both) - gate)).toBeLessThan(2 * rounding);
  // As a script is told it.
  const { units } = await lab.ask({ kind: 'states', input: 'marianne' });
  expect(Math.abs(units.gates.forget[4][6] - gate)).toBeLessThan(2 * rounding);
  const picture = cell.getByTestId('cell-picture');
  const row = (name) => numbers(picture.getByTestId(`cell-${name}`).getByRole('button'));
  expect((await row('forget'))[1]).toBeCloseTo(gate, 3);
  for (const [at, shown] of (await row('cell')).entries()) expect(Math.abs(units.gates.cell[3 + at][6] - shown)).toBeLessThan(2 * rounding);
  // The cell state: what was kept and what was let in.
  await picture.getByTestId('cell-cell').getByRole('button').nth(1).click();
  await expect(cell.getByTestId('way-place')).toContainText('cell state');
  const factors = await numbers(cell.getByTestId('way-products').getByRole('button'));
  expect(factors.length).toBe(4);
  expect(Math.abs(factors[0] * factors[1] + factors[2] * factors[3] - await value(cell))).toBeLessThan(0.004);
  // To the same cell one step earlier, and from there through a gate to the layer below.
  const kept = factors[1];
  await cell.getByTestId('way-products').getByRole('button').nth(1).click();
  await expect(cell.getByTestId('way-place')).toHaveText('unit 7, cell state, at token 4, “i”');
  expect(Math.abs(await value(cell) - kept)).toBeLessThan(2 * rounding);
  await cell.getByTestId('way-products').getByRole('button').first().click();
  await expect(cell.getByTestId('way-place')).toContainText('forget gate, at token 4');
  await addsUp(cell);
  await cell.getByTestId('way-lines').first().getByRole('button').first().click();
  await expect(cell.getByRole('heading', { level: 2 })).toHaveText('1: Embedding');
  await expect(cell.getByTestId('way-place')).toContainText('at token 4, “i”');
  // Back to where it began, and out.
  for (const words of ['forget gate, at token 4', 'cell state, at token 4', 'cell state, at token 5']) {
    await page.keyboard.press('Backspace');
    await expect(cell.getByTestId('way-place')).toContainText(words);
  }
  await page.keyboard.press('Escape');
  await expect(cell).toBeHidden();
});

for (const [id, parts] of [['gru', ['hidden', 'reset', 'update', 'candidate', 'recurrent']], ['rnn', ['hidden']]]) {
  test(`with the keyboard alone: every number of ${id} has its sum, from the first token on`, async ({ lab, page }) => {
    const states = await strips(lab, page, `${NAMES}&model.cell=${id}`);
    await states.getByRole('textbox').fill('anna');
    await expect(states.getByRole('img', { name: /\b4 tokens/ })).toBeVisible();
    await states.locator('.mind-stage').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    const cell = page.getByTestId('cell');
    const place = cell.getByTestId('way-place');
    await expect(place).toContainText('at token 1, “a”');
    const picture = cell.getByTestId('cell-picture');
    await expect(picture).toBeFocused();
    await expect(picture.getByRole('row')).toHaveCount(parts.length + 1);
    for (let part = 0; part < parts.length; part += 1) {
      await addsUp(cell);
      await page.keyboard.press('ArrowDown');
    }
    await page.keyboard.press('ArrowRight');
    await expect(place).toContainText('at token 2, “n”');
    await addsUp(cell);
    const unit = await place.innerText();
    await page.keyboard.press(unit.startsWith('unit 32,') ? 'PageUp' : 'PageDown');
    await expect(place).not.toHaveText(unit);
    await addsUp(cell);
    // It follows the training.
    const shown = await value(cell);
    await cell.getByRole('button', { name: 'Step', exact: true }).click();
    await expect(cell.getByTestId('way-step')).toHaveText('step 21');
    await expect.poll(() => value(cell)).not.toBe(shown);
    await addsUp(cell);
  });
}

test('how far back it feels: this run and each cell as it begins, as lines and as numbers', async ({ lab, page }) => {
  await lab.open('#preset=memory&data.distance=20&model.units=24');
  await lab.call('step', 5);
  await lab.until({ step: 5 });
  const reach = page.getByTestId('reach');
  await reach.scrollIntoViewIfNeeded();
  const chart = page.getByTestId('reach-chart');
  await expect(chart.getByRole('img', { name: /this run: .* tokens before; RNN: .*; LSTM: .*; GRU: / })).toBeVisible();
  await expect(chart.locator('.chart-ends span')).toHaveCount(4);
  await expect(page.getByTestId('reach-step')).toContainText('after 5 steps');
  const table = page.getByTestId('reach-table');
  await table.locator('summary').click();
  await expect(table.getByRole('columnheader')).toHaveText(['Tokens before', 'this run', 'RNN', 'LSTM', 'GRU']);
  await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(20);
  // It is measured again as training goes on.
  await lab.call('step', 5);
  await lab.until({ step: 10 });
  await expect(page.getByTestId('reach-step')).toContainText('after 10 steps');
});

for (const colorScheme of ['light', 'dark']) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('a cell is fit to read on a desktop and at 360 px', async ({ lab, page }) => {
      const states = await strips(lab, page, `${NAMES}&model.cell=lstm`);
      await states.getByTestId('open-cell').click();
      const cell = page.getByTestId('cell');
      await expect(cell.getByTestId('cell-picture').getByRole('row')).toHaveCount(7);
      await lab.isFitNow();
      await cell.getByRole('button', { name: 'Close' }).click();
      await expect(cell).toBeHidden();
      await page.setViewportSize({ width: 360, height: 740 });
      await page.getByRole('tab', { name: 'Learned' }).click();
      await states.getByTestId('open-cell').click();
      await lab.isFitNow();
      await cell.getByRole('button', { name: 'Close' }).click();
      await expect(cell).toBeHidden();
    });
  });
}
