// What a visitor makes of a table is there again after a reload; reading a large one holds nobody up; what is no table
// ends in words with the last one still there.
import { writeFileSync } from 'node:fs';
import { expect, keptRuns, test } from './lab.mjs';
import { tasks } from './thread.mjs';

test.use({ trace: 'off' });

const cell = (page, at, column) => page.locator(`#entry-${at}-${column}`);
const kept = (page) => page.getByTestId('table-kept');

async function give(page, name, bytes) {
  await page.getByLabel('Choose a CSV file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(bytes) });
}

async function edit(page, at, column, words) {
  await cell(page, at, column).dblclick();
  await page.getByTestId('cell-input').fill(words);
  await page.keyboard.press('Enter');
  await expect(cell(page, at, column)).toHaveText(words);
}

/** Milliseconds of the page’s thread: 60 to 120 are usual. */
const HELD_UP = 250;

/** What the browser keeps of a table. */
const about = (page, id) => page.evaluate(async (id) => {
  const found = await (await caches.open('intab-v1')).match(`table/${id}/about`);
  return found ? found.json() : null;
}, id);

test('a file, its changed cells and what is learned from it survive a reload, and a run goes on', async ({ lab, page }) => {
  let csv = 'a,b,stars\n';
  for (let n = 0; n < 90; n += 1) csv += `${n % 17},${n % 5 ? n % 11 : ''},${(n % 17 > 8 ? 3 : 1) + (n % 2)}\n`;
  await lab.open('#preset=penguins');
  await give(page, 'mine.csv', csv);
  await expect(kept(page)).toContainText('kept in this browser, and nowhere else');
  await expect.poll(() => page.url()).toContain('data.id=csv');
  await page.reload();
  await lab.ready();
  await expect(page.getByTestId('table-name'), 'before a column is chosen').toHaveText('mine.csv');
  await page.getByRole('radio', { name: 'Learn stars' }).check();
  await page.getByLabel('Missing values').selectOption('median');
  await page.getByLabel('Task', { exact: true }).selectOption('regression');
  await expect(page.getByTestId('ready-notes')).toContainText('Learned is the number “stars”');
  await expect.poll(() => page.url()).toContain('data.task=regression');
  await edit(page, 0, 0, '5');
  await lab.call('step', 20);
  await expect.poll(async () => (await about(page, 'csv'))?.edits.length).toBe(1);
  await page.reload();
  await lab.ready();
  await expect(page.getByTestId('table-name')).toHaveText('mine.csv');
  await expect(cell(page, 0, 0)).toHaveText('5');
  await expect(page.getByLabel('Missing values')).toHaveValue('median');
  await expect(page.getByLabel('Task', { exact: true })).toHaveValue('regression');
  await lab.offer.getByRole('button', { name: 'Continue' }).click();
  await expect.poll(async () => (await lab.state()).run.step).toBe(20);
  await lab.call('step', 5);
  expect((await lab.state()).run.step).toBe(25);
  // With another cell it would be another table's run.
  await expect.poll(async () => (await keptRuns(page)).at(-1)?.progress.step).toBe(25);
  await edit(page, 1, 0, '6');
  await expect.poll(async () => (await about(page, 'csv')).edits.length).toBe(2);
  await page.reload();
  await lab.ready();
  await lab.offer.getByRole('button', { name: 'Continue' }).click();
  await expect(lab.notices.last()).toContainText('learned from another table');
  await lab.call('step', 2);
  expect((await lab.state()).run.step).toBe(2);
  // By another link it is one click away; forgotten, it is gone.
  await page.goto('about:blank');
  await lab.open('#preset=penguins');
  await expect(page.getByTestId('table-name')).toHaveText('Palmer Penguins');
  await page.getByRole('button', { name: 'Back to “mine.csv”' }).click();
  await expect(page.getByTestId('table-name')).toHaveText('mine.csv');
  await expect(page.getByRole('radio', { name: 'Learn stars' })).toBeChecked();
  await page.getByRole('button', { name: 'Back to the penguins' }).click();
  await expect(page.getByTestId('table-name')).toHaveText('Palmer Penguins');
  await expect(kept(page), 'nothing was made of the penguins').toHaveCount(0, { timeout: 2000 });
  await page.getByTestId('table-back').click();
  await expect(page.getByTestId('table-name')).toHaveText('mine.csv');
  await page.getByRole('button', { name: 'Forget it' }).click();
  await expect(kept(page)).toContainText('gone when this tab is closed');
  await expect.poll(() => about(page, 'csv')).toBeNull();
  await page.goto('about:blank');
  await lab.open('#preset=penguins');
  await expect(page.getByTestId('table-size')).toContainText('349 rows');
  await expect(page.getByTestId('table-back')).toHaveCount(0);
});

test('changed penguins are there again, and can be taken back', async ({ lab, page }) => {
  await lab.open('#preset=penguins');
  await expect(kept(page)).toHaveCount(0);
  await edit(page, 6, 2, '44.4');
  await expect(kept(page)).toContainText('kept in this browser');
  await page.reload();
  await lab.ready();
  await expect(cell(page, 6, 2)).toHaveText('44.4');
  await lab.call('step', 3);
  expect((await lab.state()).run.step).toBe(3);
  await page.getByTestId('table-undo').click();
  await expect(cell(page, 6, 2)).toHaveText('39.5');
  await expect(kept(page)).toHaveCount(0);
  await page.reload();
  await lab.ready();
  await expect(cell(page, 6, 2)).toHaveText('39.5');
});

test('a hundred thousand rows of fifty columns come in, are planned, changed and kept in slices', async ({ lab, page, browser }) => {
  test.setTimeout(240_000);
  await lab.open('#preset=penguins');
  const rows = [Array.from({ length: 50 }, (_, c) => `c${c}`).join(',')];
  for (let r = 0; r < 100_000; r += 1) rows.push(Array.from({ length: 50 }, (_, c) => (c ? (Math.imul(r * 50 + c, 2654435761) >>> 12) / 1000 : r % 4)).join(','));
  const path = test.info().outputPath('large.csv');
  writeFileSync(path, rows.join('\n'));
  const slices = async (what, work) => {
    const [longest] = await tasks(browser, page, work);
    test.info().annotations.push({ type: what, description: `${longest.ms} ms` });
    expect(longest.ms, `${what}: ${longest.parts}`).toBeLessThan(HELD_UP);
  };
  await slices('read and kept', async () => {
    await page.getByLabel('Choose a CSV file').setInputFiles(path);
    await expect(page.getByTestId('table-size')).toContainText('100,000 rows', { timeout: 60_000 });
    await expect(kept(page)).toBeVisible();
  });
  await slices('planned', async () => {
    await page.getByRole('radio', { name: 'Learn c0', exact: true }).check();
    await expect(page.getByTestId('constants')).toBeVisible();
  });
  await slices('changed', async () => {
    await edit(page, 0, 3, '1.125');
    await expect.poll(async () => (await about(page, 'csv')).edits.length).toBe(1);
  });
  await page.reload();
  await lab.ready();
  await expect(page.getByTestId('table-size')).toContainText('100,000 rows', { timeout: 60_000 });
  await expect(cell(page, 0, 3)).toHaveText('1.125');
  await expect(page.getByTestId('constants')).toBeVisible({ timeout: 60_000 });
});

const lines = (count, line) => Array.from({ length: count }, (_, n) => line(n)).join('\n');

/** Files that are no tables, and what is said. */
const REFUSED = [
  ['empty.csv', '', 'The file is empty.'],
  ['blank.csv', '\n \n\n', 'The file is empty.'],
  ['header.csv', 'a,b,c\n', 'The file names columns and has no rows.'],
  ['wide.csv', `${Array(10_000).fill('7').join(',')}\n`.repeat(2), 'up to 1,000 can be used'],
  ['ragged.csv', 'a,b,c\n1,2,3\n1,2\n1\n1,2,3,4\n', 'have another number of cells'],
  ['rubbish.csv', Uint8Array.from({ length: 4000 }, (_, n) => (n * 197 + (n >> 3) * 31) % 256), 'This is no text file.'],
  ['picture.csv', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), 'This is a picture or a document'],
];

/** Tables with something that cannot be learned: the column, and what stands beside it. */
const READ = [
  ['bare.csv', lines(30, (n) => `${n}.5,${n % 3},${['x', 'y'][n % 2]}`), '30 rows, 3 columns', 'column 3', 'categories'],
  ['utf16.csv', Buffer.from(`\ufeffgröße,wort\n${lines(30, (n) => `${n % 7},${['ja', 'nein'][n % 2]}`)}`, 'utf16le'), '30 rows, 2 columns', 'größe', 'numbers'],
  ['one.csv', `x,y\n${lines(30, (n) => `${n},a`)}`, '30 rows', 'y', 'Every value is “a”'],
  ['single.csv', 'x,y\n1,a\n', '1 rows', 'x', 'one value only'],
  ['missing.csv', `x,gap,y\n${lines(30, (n) => `${n % 9},NA,${['a', 'b'][n % 2]}`)}`, '30 rows', 'gap', 'It has no values.'],
  ['dates.csv', `day,y\n${lines(150, (n) => `2024-${String(n % 12 + 1).padStart(2, '0')}-${String(n % 28 + 1).padStart(2, '0')} 1${n % 10}:00:${n % 60},${n % 5}.5`)}`, '150 rows', 'day', 'It looks like dates'],
  ['ids.csv', `id,y\n${lines(150, (n) => `ID-${n * 7919},${n % 5}.5`)}`, '150 rows', 'id', 'too many to be categories'],
];

test('whatever is dropped ends in words, at the file or at the column', async ({ lab, page }) => {
  await lab.open('#preset=penguins');
  const trouble = page.getByTestId('table-trouble');
  for (const [name, bytes, why] of REFUSED) {
    await give(page, name, bytes);
    await expect(trouble, name).toContainText(why);
    await expect(page.getByTestId('table-name'), name).toHaveText('Palmer Penguins');
  }
  for (const [name, bytes, size, column, why] of READ) {
    await give(page, name, bytes);
    await expect(page.getByTestId('table-name')).toHaveText(name);
    await expect(page.getByTestId('table-size'), name).toContainText(size);
    const row = page.getByTestId('column').filter({ has: page.getByRole('rowheader', { name: column, exact: true }) });
    await expect(row, name).toContainText(why);
    await expect(trouble, name).toBeEmpty();
  }
  await page.getByRole('button', { name: 'Back to the penguins' }).click();
  await lab.call('step', 2);
  expect((await lab.state()).run.step).toBe(2);
});
