// A network that draws: begin a drawing, it finishes it; nine endings; what it expects; the lesson.
import { readFile } from 'node:fs/promises';
import { expect, test } from './lab.mjs';

const WEIGHTS = /weights\/sketch_.*part-/;

async function open(page, site, hash = '#preset=sketch', query = '') {
  await page.goto(`${site.url}${query}${hash}`);
  await expect(page.getByTestId('sketch-paper')).toBeVisible();
}

/** Draws one line on the paper, through points in 0…1. */
async function line(page, points) {
  const paper = page.getByTestId('sketch-paper');
  await paper.scrollIntoViewIfNeeded();
  const box = await paper.boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(points[0]));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point), { steps: 6 });
  await page.mouse.up();
}

/** A head and a back. */
const BACK = [[0.3, 0.4], [0.4, 0.3], [0.5, 0.4], [0.7, 0.45], [0.6, 0.6]];

const own = (page) => page.getByTestId('sketch-paper').getByTestId('sketch-own').getAttribute('d');
const drawn = (page) => page.getByTestId('sketch-paper').getByTestId('sketch-ending').getAttribute('d');
const announced = (page) => page.getByTestId('announcer');

/** The whole ending is on the paper. */
async function isFinished(page) {
  await expect(announced(page)).toContainText('the drawing is done', { timeout: 30_000 });
  return drawn(page);
}

test('nothing is fetched before there is a line; then the network goes on from it', async ({ lab, page, site }) => {
  await open(page, site);
  await expect(page.getByTestId('sketch-weights')).toContainText('2.2 MB');
  expect(site.requests.filter((path) => WEIGHTS.test(path))).toEqual([]);
  await line(page, BACK);
  const begun = await own(page);
  expect(begun).toMatch(/^M[\d.]+ [\d.]+L/);
  const ending = await isFinished(page);
  expect(ending.match(/L/g).length).toBeGreaterThan(3);
  expect(await own(page), 'the visitor’s line stays as it was').toBe(begun);
  await expect(page.getByTestId('sketch-seen')).toContainText(/1 stroke of yours, \d+ strokes? of the network/);
  expect(site.requests.filter((path) => WEIGHTS.test(path)).length).toBe(3);

  // Another ending is another one; undo takes the ending, then the line.
  await page.getByTestId('sketch-finish').click();
  await expect.poll(() => drawn(page)).not.toBe(ending);
  await isFinished(page);
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await drawn(page)).toBe('');
  expect(await own(page)).toBe(begun);
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(await own(page)).toBe('');
  await expect(page.getByTestId('sketch-finish')).toHaveText('Let it begin');
});

test('the second visit fetches no weights', async ({ lab, page, site }) => {
  await open(page, site);
  await page.getByTestId('sketch-finish').click();
  await isFinished(page);
  site.requests.length = 0;
  await page.reload();
  await expect(page.getByTestId('sketch-weights')).toContainText('already here');
  await page.getByTestId('sketch-finish').click();
  await isFinished(page);
  expect(site.requests.filter((path) => WEIGHTS.test(path))).toEqual([]);
});

test('it begins by itself, the same with the same seed; every kind has a network', async ({ lab, page, site }) => {
  await open(page, site, '#preset=sketch', '?motion=reduce');
  const endings = new Set();
  for (const kind of ['Bird', 'Dog', 'Bicycle', 'Rabbit']) {
    await page.getByTestId('sketch-kinds').getByText(kind, { exact: true }).click();
    await page.getByTestId('sketch-finish').click();
    await expect(announced(page)).toContainText(`${kind}: the network has drawn`, { timeout: 30_000 });
    const ending = await drawn(page);
    endings.add(ending);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByTestId('sketch-finish').click();
    await expect.poll(() => drawn(page)).toBe(ending);
    await page.getByRole('button', { name: 'Clear' }).click();
  }
  expect(endings.size).toBe(4);
});

test('nine endings differ more when it is hotter, and one can be taken', async ({ lab, page, site }) => {
  await open(page, site, '#preset=sketch', '?motion=reduce');
  await line(page, BACK);
  await isFinished(page);
  const temperature = page.getByRole('textbox', { name: 'Temperature' });
  const rows = page.getByTestId('sketch-measured').locator('tbody tr');
  for (const [at, value] of [[1, '0.1'], [2, '1']]) {
    await temperature.fill(value);
    await temperature.press('Enter');
    await page.getByTestId('sketch-nine').click();
    await expect(rows).toHaveCount(at, { timeout: 30_000 });
    await expect(page.locator('.sketch-cell')).toHaveCount(9);
  }
  const [cold, hot] = (await rows.locator('td:last-child').allInnerTexts()).map((text) => Number.parseFloat(text));
  expect(hot).toBeGreaterThan(cold);
  const cell = page.locator('.sketch-cell').nth(4);
  const wanted = await cell.locator('.sketch-ending').getAttribute('d');
  await cell.click();
  await expect(cell).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => drawn(page)).toBe(wanted);

  // Another beginning: what was measured of the last one says nothing of it.
  await line(page, [[0.2, 0.8], [0.5, 0.8]]);
  await expect(rows).toHaveCount(0);
  await expect(page.locator('.sketch-cell')).toHaveCount(0);
});

test('where the pen may go next is shown after every move', async ({ lab, page, site }) => {
  await open(page, site, '#preset=sketch', '?motion=reduce');
  await line(page, BACK);
  await isFinished(page);
  await page.getByLabel('Show where the pen may go next').check();
  const ellipses = page.getByTestId('sketch-ellipses').locator('ellipse');
  await expect(ellipses.first()).toBeAttached({ timeout: 30_000 });
  await expect(page.getByTestId('sketch-expected')).toContainText(/the pen stays down: .*%/);
  const before = await page.getByTestId('sketch-ellipses').innerHTML();
  const slider = page.getByTestId('sketch-expects').getByRole('slider');
  await slider.focus();
  await slider.press('Home');
  await expect(page.getByTestId('sketch-expects')).toContainText('0 of ');
  await expect.poll(() => page.getByTestId('sketch-ellipses').innerHTML()).not.toBe(before);
  await page.getByLabel('Show where the pen may go next').uncheck();
  await expect(ellipses).toHaveCount(0);
});

test('the keyboard draws too, and the drawing is saved as SVG', async ({ lab, page, site }) => {
  await open(page, site, '#preset=sketch', '?motion=reduce');
  await page.getByTestId('sketch-paper').focus();
  for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'Space']) await page.keyboard.press(key);
  expect((await own(page)).match(/L/g).length).toBe(4);
  await page.getByTestId('sketch-finish').click();
  const ending = await isFinished(page);
  const download = page.waitForEvent('download');
  await page.getByTestId('sketch-save').click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('sketch_bird.svg');
  const svg = await readFile(await file.path(), 'utf8');
  expect(svg).toMatch(/^<svg xmlns/);
  expect(svg.match(/<path /g).length).toBe(2);
  expect(svg.match(/L[-\d]/g).length).toBe(ending.match(/L/g).length + 4);
});

test('weights that are missing are told in words, and another try works', async ({ lab, page, site }) => {
  await open(page, site);
  site.changes.push([/sketch_bird.*part-001/, 404]);
  await page.getByTestId('sketch-finish').click();
  await expect(page.getByTestId('sketch-trouble')).toContainText('404');
  site.changes.length = 0;
  await page.getByTestId('sketch-trouble').getByRole('button', { name: 'Try again' }).click();
  await isFinished(page);
  await expect(page.getByTestId('sketch-trouble')).toHaveCount(0);
});

test('it is fit to read at 360 pixels, with a drawing and nine endings', async ({ lab, page, site }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, site, '#preset=sketch', '?motion=reduce');
  await page.getByTestId('sketch-finish').click();
  await isFinished(page);
  await page.getByTestId('sketch-nine').click();
  await expect(page.locator('.sketch-cell')).toHaveCount(9, { timeout: 30_000 });
  await page.getByLabel('Show where the pen may go next').check();
  await expect(page.getByTestId('sketch-expected')).not.toBeEmpty();
  await lab.isFitNow();
});

test('the lesson’s question is answered from what the page measured', async ({ lab, page, site }) => {
  await open(page, site, '#lesson=it-draws', '?motion=reduce');
  const guide = page.getByTestId('guide-now');
  await line(page, BACK);
  await isFinished(page);
  await guide.getByRole('button', { name: /^Step 5 of 5/ }).click();
  await expect(guide).toContainText('the answers come from them');
  const temperature = page.getByRole('textbox', { name: 'Temperature' });
  for (const [at, value] of ['0.1', '1'].entries()) {
    await temperature.fill(value);
    await temperature.press('Enter');
    await page.getByTestId('sketch-nine').click();
    await expect(page.getByTestId('sketch-measured').locator('tbody tr')).toHaveCount(at + 1, { timeout: 30_000 });
  }
  const rows = page.getByTestId('sketch-measured').locator('tbody tr td:last-child');
  const [cold, hot] = (await rows.allInnerTexts()).map((text) => Number.parseFloat(text));
  // The rounded figures may not tell which side of the border a close call is on.
  expect(hot).toBeGreaterThan(cold * 1.15);
  await guide.getByRole('button', { name: 'Those at 0.1' }).click();
  await expect(guide).toContainText('Not quite');
  await guide.getByRole('button', { name: 'Those at 1', exact: true }).click();
  await expect(guide).toContainText('Right.');
  await expect(page.getByTestId('guide-state')).toHaveText('Done');
});
