// Labels from one tool's files to another's.
import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './lab.mjs';

const VIA = JSON.stringify({
  'a.jpg100': {
    filename: 'a.jpg',
    size: 100,
    file_attributes: {},
    regions: [
      { shape_attributes: { name: 'rect', x: 10, y: 20, width: 30, height: 40 }, region_attributes: { label: 'leaf' } },
      { shape_attributes: { name: 'circle', cx: 50, cy: 50, r: 20 }, region_attributes: { label: 'stem' } },
      { shape_attributes: { name: 'polyline', all_points_x: [1, 9], all_points_y: [1, 9] }, region_attributes: { label: 'leaf' } },
    ],
  },
});

const give = (page, files) =>
  page.getByLabel('Choose label files and pictures').setInputFiles(files.map(([name, text]) => ({ name, mimeType: '', buffer: Buffer.from(text) })));

const report = (page, kind) => page.getByTestId('report').locator(`[data-kind="${kind}"]`);

test('labels are drawn, what changes is said, and a file is saved', async ({ lab, page, site }) => {
  await page.goto(`${site.url}#preset=convert`);
  await give(page, [['via.json', VIA], ['a.jpg', await readFile('dist/samples/v1/bus.jpg')]]);
  await expect(page.getByTestId('found')).toContainText('Marks: 3, pictures: 1, classes: 2');
  await expect(page.getByTestId('shapes').locator('path')).toHaveCount(3);
  await expect(page.getByTestId('convert-stage').locator('img')).toBeVisible();
  await expect(report(page, 'kept')).toContainText('1 × Boxes');
  await expect(report(page, 'changed')).toContainText('1 × Circles become polygons of 32 points.');
  await expect(report(page, 'lost')).toContainText('1 × Lines cannot be expressed in this format.');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-control="save"]').click()]);
  const json = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(json.annotations[0].bbox).toEqual([10, 20, 30, 40]);
  expect(json.categories.map(({ name }) => name)).toEqual(['leaf', 'stem']);
  await page.locator('[data-control="to"]').selectOption('via');
  await expect(report(page, 'lost')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test('what is no label file is refused in words, and a script converts without the page', async ({ lab, page, site }) => {
  await page.goto(`${site.url}#preset=convert`);
  await give(page, [['x.json', '{"a": ']]);
  await expect(page.getByTestId('refused')).toContainText('are damaged');
  const answer = await page.evaluate(async (text) => {
    await window.intab.ready;
    return window.intab.ask({ kind: 'convert', files: [{ name: 'via.json', bytes: text }], to: 'yolo', size: [100, 100] });
  }, VIA);
  expect(answer.report.lost.map(({ what, count }) => [what, count])).toContainEqual(['Lines', 1]);
  const label = answer.files.find(({ name }) => name === 'labels/a.txt');
  expect(new TextDecoder().decode(label.bytes).split('\n')[0]).toBe('0 0.250000000 0.400000000 0.300000000 0.400000000');
});
