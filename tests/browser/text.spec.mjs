// Texts: a network learns which letter comes next, writes, is looked into, and learns from a text of the visitor's own.
import { expect, test } from './lab.mjs';

/** Small and quick: what it must show is the page. */
const NAMES = '#preset=names&model.units=32&train.batch_size=64';

const VERSE = 'one two three four five six seven eight nine ten\n';

test('names are learned, a sample writes itself, and the network writes on from a beginning', async ({ lab, page }) => {
  await lab.open(NAMES);
  await expect(page.getByTestId('split')).toContainText('28,829');
  await expect(page.getByTestId('baselines')).toContainText('2.448');
  await page.getByTestId('prompt').getByRole('textbox').first().fill('mar');
  await expect(page.getByTestId('prompt')).toContainText('has not learned anything yet');
  await lab.play.click();
  await lab.until({ step: 400 }, 60);
  await lab.play.click();
  await lab.until({ state: 'paused' }, 60);
  await expect.poll(async () => (await lab.state()).run.test?.loss, { message: 'better than who knows only how frequent letters are' }).toBeLessThan(2.6);
  await expect(page.getByTestId('sample')).toContainText(/after \d+ steps/);
  await expect(page.getByTestId('sample')).toContainText(/[a-z]{2,}\n[a-z]{2,}/);
  // What was typed before is still there.
  await expect(page.getByTestId('prompt').getByRole('textbox').first()).toHaveValue('mar');
  await page.getByTestId('write-on').click();
  const written = page.getByTestId('written');
  await expect(written).toContainText(/^mar/);
  await expect(written.locator('button.own')).toHaveCount(3);
  const before = await written.innerText();
  await written.locator('[data-token="4"]').click();
  const likely = page.getByTestId('likely');
  await expect(likely).toContainText('%');
  const other = likely.getByRole('button').filter({ hasText: '%' }).last();
  await other.click();
  await expect.poll(() => written.innerText()).not.toBe(before);
  await expect(written).toContainText(/^mar/);
});

test('a script has the network write, say what comes next, and tell its states', async ({ lab }) => {
  await lab.open(`${NAMES}&model.cell=lstm`);
  await lab.call('step', 60);
  await lab.until({ step: 60 });
  await expect.poll(async () => (await lab.state()).run.state).toBe('paused');
  const how = { kind: 'generate', prompt: 'an', tokens: 12, temperature: 0.7, seed: 3 };
  const written = await lab.ask(how);
  expect(written.text.startsWith('an')).toBe(true);
  expect(written.tokens.length, 'those that it wrote').toBe(12);
  expect((await lab.ask(how)).text, 'the same seed, the same text').toBe(written.text);
  const { labels } = await lab.ask({ kind: 'predict', input: 'an' });
  expect(labels.length).toBeGreaterThan(5);
  expect(labels[0].probability).toBeGreaterThanOrEqual(labels[1].probability);
  const { tokens, units } = await lab.ask({ kind: 'states', input: 'anna' });
  expect(tokens).toEqual(['a', 'n', 'n', 'a']);
  expect([units.hidden.length, units.hidden[0].length, units.gates.forget[3].length]).toEqual([4, 32, 32]);
  expect(Math.max(...units.gates.forget.flat())).toBeLessThanOrEqual(1);
});

test('what it has in mind is a strip for each gate, and a unit colours the text', async ({ lab, page }) => {
  await lab.open(NAMES);
  await lab.call('step', 30);
  const states = page.getByTestId('states');
  await states.scrollIntoViewIfNeeded();
  await expect(states.getByRole('img', { name: /Hidden state.*32 units/ })).toBeVisible();
  const unit = page.getByTestId('unit');
  await expect(unit).toContainText(/of 32/);
  const first = await unit.innerText();
  const last = page.getByTestId('next-unit');
  await (await last.isDisabled() ? page.getByTestId('unit-before') : last).click();
  await expect(unit).not.toHaveText(first);
  await page.getByTestId('strip-forget').check({ force: true });
  await expect(states.getByRole('img', { name: /Forget/ })).toBeVisible();
});

test('a text of one’s own is learned, stays here, and is there again after a reload', async ({ lab, page }) => {
  await lab.open('#preset=my_text&model.units=24&data.window=16&train.batch_size=8');
  await expect(lab.status).toContainText('Waiting: give it a text');
  const field = page.getByTestId('own-text').getByRole('textbox');
  await field.fill('short');
  await page.getByTestId('use-text').click();
  await expect(page.getByTestId('text-trouble')).toContainText('at least 100');
  await field.fill(VERSE.repeat(60));
  await page.getByTestId('use-text').click();
  await expect(lab.status).not.toContainText('Waiting: give it a text');
  await lab.call('play');
  await lab.until({ test_accuracy: 0.9 }, 60);
  await lab.call('pause');
  const { text } = await lab.ask({ kind: 'generate', prompt: 'one two th', tokens: 10, temperature: 0 });
  expect(text).toBe('one two three four f');
  expect(page.url(), 'the text is in no link').not.toContain('three');
  await page.reload();
  await lab.ready();
  await expect(page.getByTestId('own-text').getByRole('textbox')).toHaveValue(VERSE.repeat(60));
  await expect.poll(async () => (await lab.state()).run.state).not.toBe('failed');
});

test('a letter is remembered over a distance, and held-out questions are answered', async ({ lab, page }) => {
  await lab.open('#preset=memory&data.distance=10&model.units=24&train.epochs=2');
  await lab.call('play');
  await lab.until({ test_accuracy: 0.99 }, 60);
  await expect(lab.accuracy).toContainText('of 8 test questions');
  await expect(page.getByTestId('sample')).toContainText('5 of 5 right');
});

test('steps that are asked for before the text is there are taken when it is', async ({ lab }) => {
  await lab.open(NAMES);
  expect(await lab.firstLosses(3)).toHaveLength(3);
  await lab.call('reset');
  expect(await lab.firstLosses(2)).toHaveLength(2);
});

for (const colorScheme of ['light', 'dark']) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('texts are fit to read on a desktop and at 360 px', async ({ lab, page }) => {
      await lab.open(NAMES);
      await lab.call('step', 20);
      await expect(page.getByTestId('vocabulary')).toContainText('30,452');
      await lab.isFitNow();
      await page.setViewportSize({ width: 360, height: 740 });
      await lab.isFitToRead();
    });
  });
}
