// Hidden tokens: a Transformer that looks both ways learns to name them, and says what could stand in a visitor's blank.
import { expect, test } from './lab.mjs';

const SMALL = '#preset=bert&model.width=32&model.blocks=1&data.size=500&train.epochs=1';

test('captions with blanks are learned, and what could stand in a blank of one’s own is put there', async ({ lab, page }) => {
  await lab.open(SMALL);
  await expect(page.getByTestId('split')).toContainText('with all captions of each');
  await expect(page.getByTestId('example')).toContainText('[MASK]');
  await lab.call('play');
  await lab.until({ step: 250 }, 90);
  await lab.call('pause');
  const unigram = Number((await page.getByTestId('baselines').getByRole('row', { name: /^Unigram/ }).getByRole('cell').first().innerText()));
  await expect.poll(async () => (await lab.state()).run.test?.loss, { message: 'better than who knows only how frequent words are' }).toBeLessThan(unigram - 0.5);
  const held = page.getByTestId('sample');
  await expect(held).toContainText(/\d+ of \d+ right, after \d+ steps/);
  await expect(held.getByRole('listitem')).toHaveCount(6);
  await expect(page.getByTestId('tokens-right')).toContainText('of the hidden tokens right');

  const fill = page.getByTestId('fill');
  const field = fill.getByRole('textbox', { name: 'Text' });
  await expect(field).toHaveValue(/ \[MASK\]|^\[MASK\]/);
  await field.fill('A man riding a horse on the street');
  await field.evaluate((area) => area.setSelectionRange(15, 20));
  await fill.getByTestId('hide').click();
  await expect(field).toHaveValue('A man riding a [MASK] on the street');
  const choices = fill.getByTestId('blank').getByRole('button');
  await expect(choices).toHaveCount(5);
  const word = (await choices.nth(1).locator('.likely-token').innerText()).trim();
  await choices.nth(1).click();
  await expect(field).toHaveValue(`A man riding a ${word} on the street`);
  await expect(fill).toContainText('Nothing is hidden');
});

test('a script asks what is hidden, and the task and the model follow each other', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.call('step', 5);
  const { masks } = await lab.ask({ kind: 'fill', text: 'A [MASK] on a [MASK]', top: 3 });
  expect(masks.map((choices) => choices.length)).toEqual([3, 3]);
  for (const choices of masks) {
    expect(choices[0].probability).toBeGreaterThanOrEqual(choices[1].probability);
    expect(choices[0].text.trim()).toBe(choices[0].text);
  }
  const { layers } = await lab.ask({ kind: 'attention', input: 'A [MASK] on a couch' });
  // It looks ahead, too.
  expect(layers[0].heads[0][0].slice(1).every((weight) => weight > 0)).toBe(true);
  await expect(lab.ask({ kind: 'generate', prompt: 'A' })).rejects.toThrow('does not write on');
  await lab.call('set', { 'data.task': 'next' });
  expect((await lab.state()).spec['model.id']).toBe('gpt');
  await expect(page.getByTestId('prompt')).toBeVisible();
  await lab.call('set', { 'model.id': 'bert' });
  expect((await lab.state()).spec['data.task']).toBe('masked');
  await expect(page.getByTestId('fill')).toBeVisible();
});
