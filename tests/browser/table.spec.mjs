// The table: sorted, filtered, edited by mouse and keyboard; missing values; a file of one's own, recognised before
// anything is learned; a hundred thousand rows.
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './lab.mjs';

const grid = (page) => page.getByTestId('grid');
const seen = (page) => page.getByTestId('rows-seen');
const row = (page, index) => grid(page).locator(`[role=row][aria-rowindex="${index + 2}"]`);
const cell = (page, at, column) => page.locator(`#entry-${at}-${column}`);
const filter = (page, name) => page.getByLabel(`Filter ${name}`, { exact: true });
const column = (page, name) => page.getByTestId('column').filter({ has: page.getByRole('rowheader', { name, exact: true }) });

async function open(page, site) {
  await page.goto(`${site.url}#preset=penguins`);
  await expect(cell(page, 0, 2)).toBeVisible();
}

async function give(page, name, text) {
  await page.getByLabel('Choose a CSV file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}

test('the penguins: all rows, missing values, what is kept out, and the pictures', async ({ lab, page, site }) => {
  await open(page, site);
  await expect(page.getByTestId('table-size')).toHaveText('349 rows, 8 columns; in 16 rows a value is missing');
  await expect(grid(page)).toHaveAttribute('aria-rowcount', '350');
  // The lecture's five stand first, with a question.
  await expect(row(page, 0)).toContainText('fill in');
  await expect(row(page, 0).getByTestId('prediction')).toHaveText('?');
  await expect(cell(page, 0, 2)).toHaveText('50.7');
  await expect(cell(page, 0, 0)).toHaveText('missing');
  await expect(cell(page, 5, 0)).toHaveText('Adelie');
  await expect(page.getByTestId('split-sizes')).toContainText('219 rows to learn from');
  await expect(page.getByTestId('split-sizes')).toContainText('109 rows held out for the test');
  const notes = page.getByTestId('ready-notes');
  await expect(notes).toContainText('Left out because a value is missing: 11 rows.');
  await expect(notes).toContainText('5 rows (row 23, 24, 25, 26, 330)');
  await expect(page.getByTestId('constants').getByRole('row')).toHaveCount(6);
  await expect(page.getByTestId('spread-words')).toHaveText('The mean of “bill_length_mm” is smaller for female than for male in every “species”: Adelie 37.3 and 40.4, Chinstrap 46.6 and 51.1, Gentoo 45.6 and 49.5.');
  await expect(page.getByTestId('spread').getByRole('img', { name: 'female: mean 37.3 of 73' })).toBeVisible();
  await expect(page.getByTestId('scatter').getByRole('img', { name: '347 rows by bill_length_mm and bill_depth_mm' })).toBeVisible();
  // Filled in by the median, the eleven come back.
  await page.getByLabel('Missing values').selectOption('median');
  await expect(notes).toContainText('Missing values that get the median, or the most frequent category: 19.');
  await expect(notes).not.toContainText('Left out');
  await expect(page.getByTestId('split-sizes')).toContainText('112 rows held out for the test');
});

test('sorted, filtered, and all of it again', async ({ lab, page, site }) => {
  await open(page, site);
  const sort = page.getByRole('button', { name: 'Sort by bill_length_mm' });
  await sort.click();
  await expect(cell(page, 0, 2)).toHaveText('32.1');
  await sort.click();
  await expect(cell(page, 0, 2)).toHaveText('59.6');
  await expect(page.getByRole('columnheader', { name: 'bill_length_mm' })).toHaveAttribute('aria-sort', 'descending');
  await filter(page, 'species').selectOption('Gentoo');
  await expect(seen(page)).toHaveText('124 of 349 rows');
  await filter(page, 'bill_length_mm').fill('> 50');
  await expect(seen(page)).toHaveText('22 of 349 rows');
  await filter(page, 'bill_length_mm').fill('?');
  await expect(seen(page)).toHaveText('1 of 349 rows');
  await expect(cell(page, 0, 2)).toHaveText('missing');
  await page.getByRole('button', { name: 'All rows, as in the file' }).click();
  await expect(seen(page)).toHaveText('All 349 rows');
  await expect(filter(page, 'bill_length_mm')).toHaveValue('');
  await expect(cell(page, 0, 2)).toHaveText('50.7');
});

test('a cell is edited by keyboard alone, refused in words, and taken back', async ({ lab, page, site }) => {
  await open(page, site);
  await grid(page).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'entry-5-2');
  await page.keyboard.press('Delete');
  await expect(cell(page, 5, 2)).toHaveText('missing');
  await expect(row(page, 5)).toContainText('left out');
  await page.keyboard.type('long');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('table-trouble')).toHaveText('“long” is no number, and this column has numbers.');
  await page.getByTestId('cell-input').fill('40,25');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('table-trouble')).toBeEmpty();
  await expect(cell(page, 5, 2)).toHaveText('40.25');
  await expect(grid(page)).toBeFocused();
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'entry-6-2');
  // “?” belongs to the cell here, not to the help.
  await page.keyboard.press('Home');
  await page.keyboard.type('?');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('ready-notes')).toContainText('To be filled in, because “species” is missing: 6 rows.');
  await page.getByTestId('table-undo').click();
  await expect(page.getByTestId('ready-notes')).toContainText('is missing: 5 rows.');
  await page.getByTestId('table-undo').click();
  await page.getByTestId('table-undo').click();
  await expect(cell(page, 5, 2)).toHaveText('39.1');
  await expect(page.getByTestId('table-undo')).toHaveCount(0);
  // By mouse: the same.
  await cell(page, 7, 3).dblclick();
  await page.getByTestId('cell-input').fill('18.5');
  await cell(page, 8, 3).click();
  await expect(cell(page, 7, 3)).toHaveText('18.5');
});

test('a file of one’s own is recognised before anything is learned, and can be read otherwise', async ({ lab, page, site }) => {
  await open(page, site);
  let csv = 'nr;größe;farbe;notiz;immer;fehlt\r\n';
  for (let n = 1; n <= 60; n += 1) csv += `${n};${n % 7},${n % 10}5;${n % 9 ? ['rot', 'blau'][n % 2] : '?'};eigen ${n};1;\r\n`;
  await give(page, 'eigene.csv', csv);
  await expect(page.getByTestId('table-name')).toHaveText('eigene.csv');
  await expect(page.getByTestId('table-size')).toContainText('60 rows, 6 columns');
  await expect(page.getByLabel('Cells are divided by')).toHaveValue(';');
  await expect(page.getByLabel('The first line holds')).toHaveValue('yes');
  await expect(page.getByLabel('Decimal mark')).toHaveValue('comma');
  await expect(column(page, 'größe')).toContainText('numbers 0.15 to 6.85');
  await expect(column(page, 'farbe')).toContainText('6 “?”');
  await expect(column(page, 'nr')).toContainText('It numbers the rows');
  await expect(column(page, 'notiz')).toContainText('60 different words in 60 rows: too many to be categories.');
  await expect(column(page, 'immer')).toContainText('Every value is “1”');
  await expect(column(page, 'fehlt')).toContainText('It has no values.');
  await expect(page.getByTestId('ready')).toContainText('Choose what is to be learned');
  await expect(page.getByTestId('constants')).toHaveCount(0);
  // One click, and the rest follows.
  await page.getByRole('radio', { name: 'Learn farbe' }).check();
  await expect(page.getByTestId('ready-notes')).toContainText('Learned is which “farbe” a row has, one of 2: “blau”, “rot”.');
  await expect(page.getByRole('checkbox', { name: 'Learn from größe' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Learn from nr' })).not.toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'Learn from notiz' })).toBeDisabled();
  await page.getByRole('checkbox', { name: 'Learn from größe' }).uncheck();
  await expect(page.getByTestId('plan-trouble')).toHaveText('There is no column to learn from. Choose at least one.');
  await page.getByRole('radio', { name: 'Learn größe' }).check();
  await expect(page.getByTestId('ready-notes')).toContainText('Learned is the number “größe”');
  // The visitor knows better.
  await page.getByLabel('The first line holds').selectOption('no');
  await expect(page.getByTestId('table-size')).toContainText('61 rows, 6 columns');
  await page.getByRole('button', { name: 'Back to the penguins' }).click();
  await expect(page.getByTestId('table-size')).toContainText('349 rows');
});

test('what is no table is said, and what was there stays', async ({ lab, page, site }) => {
  await open(page, site);
  const trouble = page.getByTestId('table-trouble');
  await give(page, 'wide.csv', `${Array(10_000).fill('7').join(',')}\n`.repeat(2));
  await expect(trouble).toContainText('The file has 10,000 columns; up to 1,000 can be used here.');
  await give(page, 'ragged.csv', 'a,b,c\n1,2,3\n1,2\n1\n1,2,3,4\n');
  await expect(trouble).toContainText('3 of 4 rows have another number of cells');
  await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'sheet.csv', mimeType: 'text/csv', buffer: Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 9, 9]) });
  await expect(trouble).toContainText('This is a spreadsheet');
  await expect(page.getByTestId('table-size')).toContainText('349 rows');
  await give(page, 'one.csv', 'x,y\n1,a\n2,a\n4,a\n');
  await expect(page.getByTestId('table-name')).toHaveText('one.csv');
  await expect(trouble).toBeEmpty();
  await expect(page.getByRole('radio', { name: 'Learn y' })).toBeDisabled();
  await expect(column(page, 'y')).toContainText('Every value is “a”');
});

test('a hundred thousand rows scroll with few of them on the page', async ({ lab, page, site }) => {
  await open(page, site);
  let csv = 'a,b,kind\n';
  for (let n = 0; n < 100_000; n += 1) csv += `${n % 977},${(n * 7) % 1013}.5,${['x', 'y', 'z'][n % 3]}\n`;
  await give(page, 'large.csv', csv);
  await expect(page.getByTestId('table-size')).toContainText('100,000 rows', { timeout: 60_000 });
  await grid(page).evaluate((node) => { node.scrollTop = node.scrollHeight; });
  await expect(cell(page, 99_999, 2)).toHaveText('x');
  expect(await grid(page).getByRole('row').count()).toBeLessThan(60);
  await page.getByRole('button', { name: 'Sort by b', exact: true }).click();
  await grid(page).evaluate((node) => { node.scrollTop = 0; });
  await expect(cell(page, 0, 1)).toHaveText('0.5');
  await filter(page, 'kind').selectOption('z');
  await expect(seen(page)).toHaveText('33,333 of 100,000 rows');
  await grid(page).focus();
  await page.keyboard.press('Control+End');
  await expect(grid(page)).toHaveAttribute('aria-activedescendant', 'entry-33332-2');
  await expect(cell(page, 33_332, 2)).toBeVisible();
});

for (const scheme of ['light', 'dark']) {
  test(`nothing stands in the way of a reader, and nothing sticks out of a phone: ${scheme}`, async ({ lab, page, site }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await open(page, site);
    await expect(page.getByTestId('constants')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(cell(page, 0, 0)).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
}
