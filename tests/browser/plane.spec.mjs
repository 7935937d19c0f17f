// Points of the plane: the network is built on its picture, learns in front of the visitor, and shows every number.
import { expect, test } from './lab.mjs';

/** How much of a canvas is orange and how much blue, 0…1. */
const colours = (canvas) =>
  canvas.evaluate((element) => {
    const { data } = element.getContext('2d').getImageData(0, 0, element.width, element.height);
    let [orange, blue] = [0, 0];
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] < 20) continue;
      if (data[at] > data[at + 2]) orange += 1;
      else blue += 1;
    }
    return { orange: orange / (data.length / 4), blue: blue / (data.length / 4) };
  });

test('a disc is told from a ring in seconds, and the plane shows it', async ({ lab, page }) => {
  await lab.open('#preset=plane');
  await expect(page.getByTestId('split')).toContainText('300 points to learn from, 300 held out');
  await expect(page.getByTestId('graph').locator('[data-neuron]')).toHaveCount(2 + 4 + 3 + 2);
  await lab.play.click();
  const { run } = await lab.until({ test_accuracy: 0.98 }, 60);
  expect(run.test.count).toBe(300);
  await expect(lab.accuracy).toContainText('of 300 test points');
  // The disc of half the reach is a fifth of the plane; its ring takes the rest.
  const answer = page.getByTestId('surface').locator('canvas').first();
  await expect.poll(async () => (await colours(answer)).blue).toBeGreaterThan(0.1);
  const { orange, blue } = await colours(answer);
  expect(orange).toBeGreaterThan(blue);
  const stage = page.locator('.plane-stage');
  await stage.scrollIntoViewIfNeeded();
  const box = await stage.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.getByTestId('plane-says')).toContainText(/x₁ = −?0\.\d, x₂ = −?0\.\d: blue/);
  await page.mouse.move(box.x + box.width * 0.97, box.y + box.height * 0.5);
  await expect(page.getByTestId('plane-says')).toContainText('orange');
});

test('layers and neurons come and go on the picture, and the link has them', async ({ lab, page }) => {
  await lab.open('#preset=plane');
  await page.getByRole('button', { name: 'Hidden layer 1: more neurons' }).click();
  await page.getByTestId('more-layers').click();
  await page.getByRole('combobox', { name: 'Hidden layer 2: activation' }).selectOption({ label: 'ReLU' });
  await page.getByRole('button', { name: 'x₁²', exact: true }).click();
  const wanted = 'dense5-tanh-dense3-relu-dense3-tanh-dense';
  await expect.poll(async () => (await lab.state()).spec['model.layers']).toBe(wanted);
  await expect(page.getByTestId('graph').locator('[data-neuron]')).toHaveCount(3 + 5 + 3 + 3 + 2);
  await lab.call('step', 20);
  expect((await lab.state()).run.step).toBe(20);
  await page.goto(page.url());
  await page.reload();
  await lab.ready();
  const { spec } = await lab.state();
  expect(spec['model.layers']).toBe(wanted);
  expect(spec['data.features']).toBe('x1-x2-x1x1');
  for (let left = 3; left > 0; left -= 1) await page.getByTestId('fewer-layers').click();
  await expect(page.getByTestId('fewer-layers')).toBeDisabled();
  await expect.poll(async () => (await lab.state()).spec['model.layers']).toBe('dense');
});

test('a weight is changed by hand, and the answer is another', async ({ lab, page }) => {
  await lab.open('#preset=plane&data.id=gaussians&model.layers=dense&seed=3');
  const output = page.getByRole('button', { name: 'Output: blue' });
  await output.click();
  const card = page.getByTestId('neuron-card');
  const weight = card.getByLabel('x₁');
  await expect(weight).toHaveValue(/\d/);
  const answer = page.getByTestId('surface').locator('canvas').first();
  await weight.fill('9');
  await weight.press('Enter');
  await expect(weight).toHaveValue('9.00');
  await card.getByLabel('x₂').fill('0');
  await card.getByLabel('x₂').press('Tab');
  // Blue on the right, orange on the left.
  await expect.poll(async () => Math.abs((await colours(answer)).blue - 0.5)).toBeLessThan(0.1);
  await weight.fill('nonsense');
  await weight.press('Enter');
  await expect(weight).toHaveAttribute('aria-invalid', 'true');
});

test('one example is followed forward and back, and its numbers agree with each other', async ({ lab, page }) => {
  await lab.open('#preset=plane&data.id=xor&model.layers=dense2-tanh-dense&train.optimizer=sgd');
  // Of a fresh network all numbers are small, and small ones agree by chance.
  await lab.call('step', 300);
  await page.getByTestId('stage-0').click();
  const rows = page.getByTestId('trace').locator('tr');
  // Two inputs, two hidden neurons, two outputs.
  await expect(rows).toHaveCount(6);
  const text = await rows.nth(2).locator('td').first().innerText();
  const number = (words) => Number(words.replace('−', '-').replace(/[()]/g, ''));
  const [, w1, x1, w2, x2, bias, sum] = text.match(/(\S+) × (\S+) \+ (\S+) × (\S+) \+ (\S+) = ([^;\s]+)/);
  expect(number(w1) * number(x1) + number(w2) * number(x2) + number(bias)).toBeCloseTo(number(sum), 1);
  expect(Math.tanh(number(sum))).toBeCloseTo(number(await rows.nth(2).locator('.trace-result').innerText()), 2);
  await page.getByTestId('stage-1').click();
  await expect(page.getByTestId('trace')).toContainText('−ln');
  await page.getByTestId('stage-2').click();
  await expect(page.getByTestId('trace')).toContainText('δ');
  await page.getByTestId('stage-3').click();
  await expect(rows).toHaveCount(2 * 2 + 2 + 2 * 2 + 2);
  const before = await page.getByText(/^Point 1:/).innerText();
  await page.getByTestId('next-example').click();
  await expect(page.getByText(/^Point 2:/)).not.toHaveText(before);
});

test('a number is told where the height is asked for', async ({ lab, page }) => {
  await lab.open('#preset=plane&data.id=slope');
  await lab.play.click();
  await lab.until({ test_accuracy: 0.95 }, 60);
  await expect(lab.accuracy).toContainText('R² on 300 test points');
});

for (const width of [390, 1280]) {
  test(`axe finds nothing serious, and nothing scrolls sideways, at ${width} px`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 780 });
    await lab.open('#preset=plane');
    await lab.call('step', 20);
    await lab.isFitToRead();
  });
}

test('the weights are still drawn after a visit to a table', async ({ lab, page }) => {
  const drawn = () => page.locator('.graph-lines').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, at) => at % 4 === 3 && value > 0).length;
  });
  await lab.open('#preset=plane');
  await expect.poll(drawn).toBeGreaterThan(1000);
  for (const preset of ['penguins', 'plane', 'penguins', 'plane']) {
    await page.evaluate((id) => { window.location.hash = `#preset=${id}`; }, preset);
    await expect.poll(async () => (await lab.state()).preset).toBe(preset);
    await expect(page.locator('main.equation')).toHaveAttribute('data-form', preset === 'plane' ? 'point' : 'row');
    await expect.poll(drawn, preset).toBeGreaterThan(1000);
  }
});
