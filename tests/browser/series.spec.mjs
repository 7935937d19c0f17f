// Series of numbers: a noisy wave is continued one step ahead and by itself, and so is a table of one's own whose rows are
// in order.
import { expect, test } from './lab.mjs';

const SINE = '#preset=sine';

/** The points of a line of a chart, as it is drawn in a square of 1000. */
async function line(page, chart, name) {
  const d = await page.getByTestId(chart).locator(`.chart-area path.${name}`).getAttribute('d');
  return [...d.matchAll(/[ML](-?\d+) (-?\d+)/g)].map((match) => [Number(match[1]), Number(match[2])]);
}

/** How often a line goes through the middle between its least and its greatest height, and how far these are apart. */
function swings(points) {
  const heights = points.map(([, y]) => y);
  const [least, most] = [Math.min(...heights), Math.max(...heights)];
  const above = heights.map((y) => y > (least + most) / 2);
  return { crossings: above.filter((up, at) => at > 0 && up !== above[at - 1]).length, height: most - least };
}

/** Five weather-like columns of as many days, from formulas. */
function weather(days) {
  let csv = 'date,temperature,pressure,humidity,wind,sunshine\n';
  for (let day = 0; day < days; day += 1) {
    const year = Math.sin((2 * Math.PI * day) / 120);
    const front = Math.sin((2 * Math.PI * day) / 9) + 0.5 * Math.sin((2 * Math.PI * day) / 5.3);
    const row = [9 + 8 * year - 1.5 * front, 1013 - 6 * front, 70 - 12 * year + 5 * front, 12 + 3 * front, 8 + 4 * year - 2 * front];
    csv += `day ${day},${row.map((value) => value.toFixed(1)).join(',')}\n`;
  }
  return csv;
}

async function score(page, who) {
  const cells = page.getByTestId('series-scores').getByRole('row').filter({ hasText: who }).getByRole('cell');
  const [r2, error] = await cells.allInnerTexts();
  return { r2: Number(r2.replace('−', '-')), error: Number(error) };
}

test('a noisy wave is learned, beats the last value, and goes on by itself', async ({ lab, page }) => {
  await lab.open(SINE);
  await expect(page.getByTestId('series')).toContainText('held out');
  await expect(page.getByTestId('series-split')).toContainText('learns from steps 1 to 800, and is tested on the last 200');
  await expect(page.getByTestId('network')).toContainText('25 steps of 2 numbers');
  await lab.call('play');
  await lab.until({ state: 'done' }, 100);
  const { run } = await lab.state();
  expect(run.test.accuracy, 'R² on the held-out end').toBeGreaterThan(0.94);
  await expect(page.getByTestId('series-scores')).toContainText('on 200 held-out steps');
  await expect.poll(async () => (await score(page, 'This network')).r2, { message: 'R² of the last weights' }).toBeGreaterThan(0.94);
  const [network, last] = [await score(page, 'This network'), await score(page, 'The last value again')];
  expect(network.r2).toBeGreaterThan(last.r2);
  expect(network.error).toBeLessThan(last.error);
  // One step ahead it follows the wave, by itself it swings on: four periods of 25 steps.
  await expect.poll(async () => swings(await line(page, 'on-its-own', 'series-own')).crossings).toBeGreaterThanOrEqual(6);
  const own = await line(page, 'on-its-own', 'series-own');
  expect(own.length, 'the last true value, and 100 steps').toBe(101);
  expect(swings(own.slice(50)).height, 'also at its end').toBeGreaterThan(300);
  await expect(page.getByTestId('on-its-own-words')).toContainText('Over 100 steps it is off by');
  // From the end of the data on, nobody knows what comes.
  const from = page.getByTestId('series-from').getByRole('slider');
  await from.focus();
  await page.keyboard.press('End');
  await expect(page.getByTestId('on-its-own-words')).toContainText('nobody knows yet');
  await expect(page.getByTestId('on-its-own').locator('.series-mark')).toHaveText('by itself from here');
});

test('layers of one’s own continue the wave, and those that do not fit are refused in words', async ({ lab, page }) => {
  await lab.open(`${SINE}&model.id=custom&model.layers=lstm8-last-dense8-tanh-dense&train.epochs=1`);
  await lab.call('play');
  await lab.until({ state: 'done' }, 60);
  await expect(page.getByTestId('series-scores')).toContainText('This network');
  await expect(page.getByTestId('network')).toContainText('Last step');
});

test('a table of one’s own whose rows are in order is continued', async ({ lab, page }) => {
  await lab.open('#preset=penguins');
  await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'weather.csv', mimeType: 'text/csv', buffer: Buffer.from(weather(400)) });
  await expect(page.getByTestId('table-name')).toHaveText('weather.csv');
  await page.getByRole('radio', { name: 'Learn temperature' }).check();
  const order = page.getByTestId('in-order');
  await order.getByRole('checkbox').check();
  await expect(order.getByTestId('in-order-split')).toContainText('learns from rows 1 to 320 and is tested on the last 80');
  await expect(page.getByTestId('ready-notes')).toContainText('the last 10 rows are read');
  await order.getByRole('slider').fill('12');
  await expect(page.getByTestId('ready-notes')).toContainText('the last 12 rows are read');
  await expect(page.getByTestId('split-sizes')).toContainText('308 rows to learn from');
  await expect(page.getByTestId('network')).toContainText('12 steps of 5 numbers');
  await lab.call('play');
  await lab.until({ state: 'done' }, 100);
  await expect.poll(async () => (await score(page, 'This network')).r2).toBeGreaterThan(0.9);
  const [network, last] = [await score(page, 'This network'), await score(page, 'The last value again')];
  expect(network.error, 'degrees').toBeLessThan(last.error);
  await expect(page.getByTestId('panel-try')).toContainText('Only “temperature” is its own. What else it reads (pressure, humidity, wind, sunshine)');
  await expect.poll(async () => (await line(page, 'on-its-own', 'series-own')).length).toBe(101);
  // The rows for themselves are a table as before.
  await order.getByRole('checkbox').uncheck();
  await expect(page.getByTestId('series-scores')).toHaveCount(0);
  await expect(page.getByTestId('ready-notes')).not.toContainText('rows are read');
});

for (const colorScheme of ['light', 'dark']) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });
    test('series are fit to read on a desktop and at 360 px', async ({ lab, page }) => {
      await lab.open(SINE);
      await lab.call('step', 20);
      await expect(page.getByTestId('series-scores')).toContainText('The last value again');
      await lab.isFitNow();
      await page.setViewportSize({ width: 360, height: 740 });
      await lab.isFitToRead();
    });
  });
}
