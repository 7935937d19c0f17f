// “The same in code” of rows of numbers: the script, and the rows that go with it as they are in the page. That scripts
// answer as the page does is tested natively (`tests/it/code_runs.rs`).
import { readFile } from 'node:fs/promises';
import { expect, test } from './lab.mjs';

const script = (page) => page.locator('#code-text');
const frameworks = (page) => page.locator('#code-framework option');

/** The rows' file, its last column apart. */
async function rows(page) {
  const coming = page.waitForEvent('download');
  await page.getByTestId('code-rows').click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('rows.csv');
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\n');
  const of = (split) => lines.filter((line) => line.endsWith(`,${split}`)).map((line) => line.slice(0, -split.length - 1));
  return { head: lines[0], train: of('train'), test: of('test') };
}

test('a table: a script that reads its rows, edits included', async ({ lab, page, site }) => {
  await page.goto(`${site.url}#preset=penguins`);
  await page.locator('#entry-5-2').dblclick();
  await page.getByTestId('cell-input').fill('40.25');
  await page.keyboard.press('Enter');
  await expect(page.locator('#entry-5-2')).toHaveText('40.25');
  await page.getByTestId('code').click();
  await expect(frameworks(page)).toHaveText(['PyTorch', 'Keras']);
  await expect(script(page)).toHaveValue(/number\("bill_length_mm", mean=4\d\.\d+, std=5\.\d+, median=\d+(\.\d+)?\)[^]*category\("sex", \["female", "male"\], usual="male"\)[^]*classes = \["Adelie", "Chinstrap", "Gentoo"\][^]*nn\.Linear\(6, 16\)/);
  await page.locator('#code-framework').selectOption('keras');
  await expect(script(page)).toHaveValue(/layers\.Dense\(16, name="1", \*\*start\)/);
  const { head, train, test: held } = await rows(page);
  expect(head).toBe('bill_length_mm,bill_depth_mm,flipper_length_mm,body_mass_g,sex,species,split');
  expect([train.length, held.length]).toEqual([219, 109]);
  expect([...train, ...held]).toContain('40.25,18.7,181,3750,male,Adelie');
});

test('points: a script that makes the network’s inputs of them', async ({ lab, page }) => {
  await lab.open('#preset=plane&data.features=x1-x2-sin1');
  await page.getByTestId('code').click();
  await expect(script(page)).toHaveValue(/numpy\.stack\(\[x1, x2, numpy\.sin\(x1\)\], axis=1\)[^]*nn\.Linear\(3, 4\)/);
  const { head, train, test: held } = await rows(page);
  expect(head).toBe('x1,x2,class,split');
  expect([train.length, held.length]).toEqual([300, 300]);
  expect(train[0]).toMatch(/^-?\d+\.\d+,-?\d+\.\d+,(orange|blue)$/);
});

test('a table of one’s own: first a column is chosen', async ({ lab, page, site }) => {
  await page.goto(`${site.url}#preset=penguins`);
  await expect(page.locator('#entry-0-2')).toBeVisible();
  const csv = `size;colour\n${Array.from({ length: 40 }, (_, n) => `${n % 7},5;${['red', 'blue'][n % 2]}`).join('\n')}\n`;
  await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'own.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await expect(page.locator('#learn-proposed')).toBeVisible();
  await page.getByTestId('code').click();
  await expect(script(page)).toHaveValue('Choose what is to be learned: one column of the table.');
  await expect(page.getByTestId('code-rows')).toBeDisabled();
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: 'Learn size' }).check();
  await page.getByTestId('code').click();
  await expect(script(page)).toHaveValue(/category\("colour", \["blue", "red"\], usual="[a-z]+"\)[^]*row\["size"\][^]*nn\.MSELoss\(\)/);
  expect((await rows(page)).train[0]).toMatch(/^(red|blue),\d\.5$/);
});
