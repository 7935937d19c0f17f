// Tables are learned from: the penguins whose species is missing are filled in, and a file of one's own becomes a run.
import { expect, test } from './lab.mjs';

const predictions = (page) => page.getByTestId('grid').getByTestId('prediction');

test('the penguins are told apart, and the five without a species are filled in', async ({ lab, page }) => {
  await lab.open('#preset=penguins');
  await expect(predictions(page).first()).toHaveText('?');
  await lab.play.click();
  const { run } = await lab.until({ test_accuracy: 0.97 }, 60);
  expect(run.test.count, 'a third of the complete rows').toBe(109);
  await lab.until({ state: 'done' }, 60);
  const wanted = ['Chinstrap', 'Adelie', 'Adelie', 'Adelie', 'Adelie'];
  for (const [row, species] of wanted.entries()) {
    await expect(predictions(page).nth(row)).toContainText(new RegExp(`${species}.*%`));
  }
  await expect(lab.accuracy).toContainText('of 109 test penguins');
  await expect(lab.confusion.getByRole('gridcell').first()).toHaveText(/\d/);
  // A penguin of one's own: a short bill is an Adelie's.
  await page.getByLabel('bill_length_mm', { exact: true }).last().fill('36');
  await expect(page.getByTestId('row-answer')).toContainText('Adelie');
});

test('a file of one’s own is learned from once a column is chosen, and its rows can be corrected', async ({ lab, page }) => {
  const rows = Array.from({ length: 240 }, (_, i) => `${i % 20},${(i * 7) % 13},${2 * (i % 20) - ((i * 7) % 13) + 4}`);
  await lab.open('#preset=penguins');
  await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(`a;b;y\n${rows.join('\n').replaceAll(',', ';')}\n`) });
  await expect(page.getByTestId('table-name')).toHaveText('mine.csv');
  await page.getByRole('radio', { name: 'Learn y' }).check();
  await expect.poll(async () => (await lab.state()).spec['data.target']).toBe('y');
  await lab.call('play');
  await lab.until({ test_accuracy: 0.9 }, 60);
  await expect(lab.accuracy).toContainText('R² on 80 test rows');
  await expect(lab.confusion).toBeHidden();
  // A corrected cell is another table: the run begins anew.
  await lab.call('pause');
  const cell = page.locator('#entry-0-0');
  await cell.dblclick();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type('3');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await lab.state()).run.step).toBe(0);
  expect(page.url(), 'the file stays here').not.toContain('mine');
});

test('a new file ends the old run’s claim to the page, and one click trains on the proposed column', async ({ lab, page }) => {
  await lab.open('#preset=penguins');
  await lab.call('play');
  await lab.until({ test_accuracy: 0.9 }, 60);
  const rows = Array.from({ length: 150 }, (_, i) => `${(i % 3) * 2 + Math.sin(i)},${(i % 3) - Math.cos(i * 3)},${['red', 'green', 'blue'][i % 3]}`);
  await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'colours.csv', mimeType: 'text/csv', buffer: Buffer.from(`a,b,colour\n${rows.join('\n')}\n`) });
  await expect(page.getByTestId('status')).toHaveText('Waiting: choose the column to learn');
  await expect(lab.accuracy).toContainText('not tested yet');
  const { run, spec } = await lab.state();
  expect([spec['data.id'], run.step, run.test, run.train]).toEqual(['csv', 0, null, null]);
  await expect(page.getByTestId('chart-loss')).not.toContainText('guessing');
  // Play leads to what it waits for, from any panel of a phone.
  await page.setViewportSize({ width: 390, height: 780 });
  await page.getByRole('tab', { name: 'Model' }).click();
  await page.getByTestId('play').click();
  const learn = page.getByRole('button', { name: 'Learn “colour”' });
  await expect(learn).toBeFocused();
  await expect(learn).toBeInViewport();
  expect(await page.evaluate(() => window.intab.play().catch(String))).toContain('data.target');
  // Other settings can be changed meanwhile.
  expect((await lab.call('set', { 'train.epochs': 30 })).spec['train.epochs']).toBe(30);
  await learn.click();
  await lab.until({ state: 'done' }, 60);
  expect((await lab.state()).run.test.total, 'a third of each of three classes').toBe(51);
  await expect(learn).toBeHidden();
  await expect.poll(() => new URL(page.url()).hash, 'the address follows').toContain('data.target=colour');
});

test('a script asks about a row by its columns, and reads of a regression its value and unit', async ({ lab, page }) => {
  const ask = (input) => page.evaluate((row) => window.intab.ask({ kind: 'predict', input: row }).catch(String), input);
  await lab.open('#preset=penguins');
  await lab.call('play');
  await lab.until({ test_accuracy: 0.95 }, 60);
  await lab.call('pause');
  const adelie = { bill_length_mm: 36, bill_depth_mm: 19, flipper_length_mm: 185, body_mass_g: 3500, sex: 'female' };
  const { labels } = await ask(adelie);
  expect(labels[0].name).toBe('Adelie');
  expect(labels.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 4);
  expect((await ask({ ...adelie, sex: null })).imputed).toEqual(['sex']);
  expect(await ask({ bill_length_mm: 36 })).toContain('lacks bill_depth_mm, flipper_length_mm, body_mass_g, sex');
  expect(await ask({ ...adelie, sex: 'unknown' })).toContain('one of female, male');
  expect(await ask({ ...adelie, wings: 2 })).toContain('no column “wings”');
  await lab.call('set', { 'data.target': 'body_mass_g' });
  await lab.call('play');
  await lab.until({ test_accuracy: 0.6 }, 60);
  const { value, unit, labels: none } = await ask({ species: 'Gentoo', island: 'Biscoe', bill_length_mm: 50, bill_depth_mm: 16, flipper_length_mm: 225, sex: 'male', year: 2008 });
  expect([unit, none]).toEqual(['body_mass_g', []]);
  expect(value).toBeGreaterThan(4800);
  await expect(page.getByTestId('chart-loss')).toContainText('Mean squared error');
  await expect(page.getByTestId('chart-accuracy')).toContainText('R²');
});

test('a refused file shows its first lines and every choice of how it is read, and becomes a table by one of them', async ({ lab, page }) => {
  const give = (name, text) => page.getByLabel('Choose a CSV file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.setViewportSize({ width: 390, height: 780 });
  await lab.open('#preset=penguins');
  await give('ragged.csv', 'a,b,c\n1,2\n1\n1,2,3,4\n1,2,3,4,5,6,7\n');
  const refused = page.getByTestId('refused');
  await expect(refused).toContainText('1,2,3,4,5,6,7');
  for (const choice of ['Cells are divided by', 'The first line holds', 'Decimal mark', 'Quotation marks', 'Encoding', 'Lines to skip']) {
    await expect(refused.getByLabel(choice)).toBeVisible();
  }
  await expect(refused.getByTestId('missing-marks')).toBeVisible();
  await refused.getByLabel('Cells are divided by').selectOption({ label: 'semicolon' });
  await expect(page.getByTestId('table-name')).toHaveText('ragged.csv');
  await expect(refused).toBeHidden();
  // Nothing in the file says which mark it is: both readings of the first value are offered.
  const rows = Array.from({ length: 40 }, (_, n) => `${n % 9 + 1},${String(n * 31).padStart(3, '0').slice(-3)}\t${'xy'[n % 2]}`);
  await give('ask.tsv', `size\tkind\n${rows.join('\n')}\n`);
  await expect(page.getByTestId('asked')).toContainText('“1,000” in “size”');
  await page.getByRole('button', { name: '1: the comma is the decimal mark' }).click();
  await expect(page.getByTestId('asked')).toBeHidden();
  await expect(page.locator('#entry-1-0')).toContainText('2.031');
});

test('what cannot be learned ends in words, with the table still there', async ({ lab, page }) => {
  await lab.open('#preset=penguins');
  await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'one.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,x\n2,x\n3,x\n') });
  await expect(page.getByTestId('table-name')).toHaveText('one.csv');
  await expect(page.getByRole('radio', { name: 'Learn b' })).toBeDisabled();
  await page.getByRole('radio', { name: 'Learn a' }).check();
  await expect(page.getByText(/held out|cannot be learned|at least/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Back to the penguins' }).click();
  await lab.call('step', 3);
  expect((await lab.state()).run.step).toBe(3);
});

for (const width of [390, 1280]) {
  test(`axe finds nothing serious in the penguins' lab at ${width} px`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 780 });
    await lab.open('#preset=penguins');
    await lab.call('step', 20);
    await lab.isFitToRead();
  });
}
