// Transformers: a small one learns which letter comes next, shows where each of its heads looks, and needs positions.
import { expect, test } from './lab.mjs';

const SMALL = '#preset=gpt&model.width=32&model.blocks=2&data.window=32';

test('a Transformer learns Shakespeare’s letters, writes, and shows where each head looks', async ({ lab, page }) => {
  await lab.open(SMALL);
  await expect(lab.network).toContainText('Transformer block');
  await lab.call('play');
  await lab.until({ step: 300 }, 60);
  await lab.call('pause');
  await expect.poll(async () => (await lab.state()).run.test?.loss, { message: 'better than who knows only which letter follows which' }).toBeLessThan(2.45);
  await expect(page.getByTestId('sample')).toContainText(/after \d+ steps/);
  const attention = page.getByTestId('attention');
  await attention.scrollIntoViewIfNeeded();
  await attention.getByRole('textbox').fill('the king');
  await expect(attention.getByRole('group', { name: 'Heads' }).getByRole('button')).toHaveCount(8);
  await expect(attention.getByTestId('looked-at')).toHaveText('the␣king');
  await attention.getByTestId('head-1-2').click();
  await expect(attention.getByTestId('head-1-2')).toHaveAttribute('aria-pressed', 'true');
  await expect(attention.getByTestId('looks')).toHaveText(/^Token 8, “g”, takes \d+\s?% of “.” \(\d\), /);
  await attention.getByTestId('looked-at').getByText('h', { exact: true }).click();
  await expect(attention.getByTestId('looks')).toHaveText(/^Token 2, “h”, takes \d+\s?% of “[th]” \([12]\)/);
  const apart = attention.getByTestId('apart');
  await apart.locator('summary').click();
  const rows = apart.getByRole('table').first().locator('tbody tr');
  await expect(rows, '“th” has two tokens that “h” may look at').toHaveCount(2);
  const cells = async (at) => (await rows.nth(at).getByRole('cell').allInnerTexts()).map((words) => Number(words.replace('−', '-').replace(/\s?%/, '')));
  const [first, second] = [await cells(0), await cells(1)];
  expect(first[3] + second[3], 'shares of the whole').toBeCloseTo(100, 0);
  expect(first[1], 'the score is the product by the root of 8').toBeCloseTo(first[0] / Math.sqrt(8), 2);
  const sum = Number((await apart.getByTestId('apart-sum').innerText()).replace('−', '-'));
  expect(sum).toBeCloseTo(first[5] + second[5], 2);
  await rows.nth(1).getByRole('button').click();
  await expect(apart.getByTestId('apart-products').locator('tbody tr')).toHaveCount(8);
  await apart.getByTestId('next-number').click();
  await expect(apart).toContainText('number 2 of 8');
  await attention.getByTestId('head-map').focus();
  await page.keyboard.press('ArrowDown');
  await expect(attention.getByTestId('looks')).toHaveText(/^Token 3, “e”/);
});

test('scripts get what each token takes of each: of those before it, and together all', async ({ lab }) => {
  await lab.open(SMALL);
  await lab.call('step', 5);
  const { tokens, layers } = await lab.ask({ kind: 'attention', input: 'to be' });
  expect(tokens).toEqual(['t', 'o', ' ', 'b', 'e']);
  expect(layers.map(({ layer, heads }) => [layer, heads.length])).toEqual([[1, 4], [2, 4]]);
  for (const head of layers.flatMap(({ heads }) => heads)) {
    for (const [query, row] of head.entries()) {
      expect(row.slice(query + 1).every((weight) => weight === 0)).toBe(true);
      expect(row.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 4);
    }
  }
  const one = await lab.ask({ kind: 'attention', input: 'to be', layer: 2, head: 3 });
  expect(one.layers).toEqual([{ layer: 2, heads: [layers[1].heads[3]] }]);
  await expect(lab.ask({ kind: 'attention', input: 'to be', layer: 7 })).rejects.toThrow('no Transformer block at that place');
});

test('a Transformer writes more than it can look at, from a beginning that is longer', async ({ lab }) => {
  await lab.open(SMALL);
  await lab.call('step', 3);
  const prompt = 'What light through yonder window breaks? It is the east, and Juliet is the sun. ';
  const written = await lab.ask({ kind: 'generate', prompt, tokens: 50, temperature: 0 });
  expect(written.text.startsWith(prompt)).toBe(true);
  expect(written.tokens).toHaveLength(50);
  expect(await lab.ask({ kind: 'generate', prompt, tokens: 50, temperature: 0 })).toMatchObject({ text: written.text });
});

test('rows of places are shown where places have rows, and what a place is most like', async ({ lab, page }) => {
  await lab.open('#preset=reverse&model.positions=sinusoidal');
  const attention = page.getByTestId('attention');
  await attention.scrollIntoViewIfNeeded();
  await expect(attention.getByTestId('places').getByRole('img')).toHaveCount(2);
  await attention.getByTestId('looked-at').locator('.mind-token').nth(4).click();
  await expect(attention.getByTestId('alike'), 'waves of neighbours are alike').toHaveText(/^Place 5 is most like places (4, 6|6, 4), (3|7)$/);
  await lab.call('set', { 'model.positions': 'rotary' });
  await expect(attention.getByTestId('places')).toHaveCount(0);
  await lab.call('set', { 'model.positions': 'learned' });
  await expect(attention.getByTestId('places').getByRole('img')).toHaveCount(2);
});
