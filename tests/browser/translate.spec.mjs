// Numbers in words: an encoder reads them in English, a decoder writes them in German, and what it looks at is shown.
import { expect, test } from './lab.mjs';

// Few enough numbers and a network small enough to be learned in seconds.
const SMALL = '#preset=translate&model.width=32&model.blocks=1&data.largest=999&train.epochs=4';

test('words are tokens, and held-out numbers are translated', async ({ lab, page }) => {
  await lab.open(SMALL);
  await expect(lab.network).toContainText('Encoder block');
  await expect(lab.network).toContainText('Decoder block');
  const example = page.getByTestId('example');
  await expect(example, 'a word is one token').toContainText(/hundred|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety/);
  await lab.call('play');
  await lab.until({ step: 400 }, 90);
  await lab.call('pause');
  const held = page.getByTestId('sample');
  await expect(held).toContainText(/\d of 5 right, after \d+ steps/);
  await expect(held.getByRole('row').nth(1)).toContainText(/[a-z]+ >/);
  const prompt = page.getByTestId('prompt');
  await prompt.getByRole('textbox', { name: 'Question' }).fill('Seven hundred twenty-four');
  await prompt.getByTestId('write-on').click();
  await expect(prompt.getByTestId('written').getByRole('button').first()).toHaveText('seven ');
  await expect(prompt.getByTestId('written').getByRole('button').nth(4)).toHaveText('>');
  await prompt.getByRole('textbox', { name: 'Question' }).fill('twenty fore');
  await prompt.getByTestId('write-on').click();
  await expect(prompt.getByTestId('write-trouble')).toContainText('“fore”');
});

test('how the answer looks at the question: a row for each token that is written', async ({ lab, page }) => {
  await lab.open(SMALL);
  await lab.call('step', 20);
  const attention = page.getByTestId('attention');
  await attention.scrollIntoViewIfNeeded();
  await attention.getByRole('textbox', { name: 'It is asked' }).fill('twenty four');
  // One encoder, one decoder that looks back and over to the question, four heads each.
  await expect(attention.getByRole('group', { name: 'Heads' }).getByRole('button')).toHaveCount(12);
  const across = attention.getByTestId('across');
  await expect(across.getByRole('columnheader')).toHaveText([/^twenty/, /^four/]);
  await expect(attention.getByTestId('looks')).toHaveText(/^To write “.+”, it takes \d+\s?% of “(twenty|four)␣?” \([12]\)/);
  const row = across.getByRole('row').nth(1);
  const shares = (await row.getByRole('cell').allInnerTexts()).map((words) => Number(words.replace(/\s?%/, '') || 0));
  expect(shares).toHaveLength(2);
  expect(shares[0] + shares[1], 'shares of the whole').toBeGreaterThan(94);
  await attention.getByTestId('head-0-1').click();
  await expect(attention.getByText('Encoder 1, in the question, head 2', { exact: true })).toBeVisible();
  await expect(across).toHaveCount(0);
  await expect(attention.getByTestId('looks')).toHaveText(/^Token 2, “four␣?”, takes/);
});

test('scripts get a translation and what each of its tokens took of the question', async ({ lab }) => {
  await lab.open(SMALL);
  await lab.call('step', 20);
  const { text, alignment } = await lab.ask({ kind: 'translate', input: 'two hundred six' });
  expect(text.length).toBeGreaterThan(0);
  expect(alignment.length).toBeGreaterThan(0);
  for (const row of alignment) {
    expect(row).toHaveLength(3);
    expect(row.reduce((sum, share) => sum + share)).toBeCloseTo(1, 4);
  }
  await expect(lab.ask({ kind: 'translate', input: 'two hundred sicks' })).rejects.toThrow('sicks');
});

test('an encoder is refused where nothing is asked', async ({ lab }) => {
  await lab.open('#preset=gpt');
  await expect(lab.call('set', { 'model.id': 'seq2seq' })).rejects.toThrow(/takes? /);
});
