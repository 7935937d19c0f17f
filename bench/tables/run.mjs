// The page's figures on public tables: each file is dropped on the built page, the column that is learned is picked where
// another one was proposed, and the network that the page comes with is trained to its end.
// `node bench/tables/run.mjs FOLDER [NAME …]` reads FOLDER/NAME.csv and writes FOLDER/NAME.json and FOLDER/NAME.rows.csv.
import { chromium } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { FLAGS } from '../../playwright.config.mjs';
import { startSite } from '../../tests/browser/site.mjs';

const [folder, ...names] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node bench/tables/run.mjs FOLDER [NAME …]');
  process.exit(2);
}
const SECONDS = 400;
const tables = JSON.parse(await readFile(new URL('tables.json', import.meta.url)));
const site = await startSite();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
for (const table of tables.filter(({ name }) => !names.length || names.includes(name))) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  let result;
  try {
    result = await measure(page, table);
  } catch (error) {
    await page.screenshot({ path: `${folder}/${table.name}.png` });
    result = { error: error.message.split('\n')[0] };
  }
  await writeFile(`${folder}/${table.name}.json`, JSON.stringify(result));
  console.log(table.name, JSON.stringify(result));
  await page.close();
}
await browser.close();
await site.close();

async function measure(page, { name, target }) {
  await page.goto(`${site.url}#preset=penguins&engine=cpu`);
  await page.waitForFunction(() => window.intab);
  await page.evaluate(() => window.intab.ready);
  await page.getByLabel('Choose a CSV file').setInputFiles(`${folder}/${name}.csv`);
  const learn = page.locator('#learn-proposed');
  await learn.waitFor();
  const picker = page.locator('#table-target');
  const picked = () => picker.evaluate((select) => select.selectedOptions[0].textContent);
  const proposed = await picked();
  if (target && target !== proposed) await picker.selectOption({ label: target });
  const learned = await picked();
  const began = Date.now();
  await learn.click();
  // What cannot be used is said under the columns, and then nothing trains.
  const trouble = page.getByTestId('plan-trouble');
  const done = page.evaluate((seconds) => window.intab.until({ state: "done" }, seconds), SECONDS);
  const state = await Promise.race([done, trouble.waitFor({ timeout: SECONDS * 1000 }).then(() => null)]);
  if (!state) return { proposed, learned, refused: await trouble.textContent() };
  const notes = await page.getByTestId('ready-notes').locator('li, p').allTextContents();
  const remarks = await page.getByTestId('column').evaluateAll((rows) => rows.map((row) => [row.querySelector('th').textContent, row.querySelector('.column-remark').textContent.trim()]).filter(([, remark]) => remark));
  await saveRows(page, `${folder}/${name}.rows.csv`);
  const number = notes.some((note) => note.startsWith('Learned is the number'));
  return { proposed, learned, number, seconds: (Date.now() - began) / 1000, test: state.run.test, notes, remarks };
}

/** The rows as the page reads them, and which it held out, out of “The same in code”. */
async function saveRows(page, path) {
  await page.getByTestId('code').click();
  const coming = page.waitForEvent('download');
  await page.getByTestId('code-rows').click();
  await (await coming).saveAs(path);
}
