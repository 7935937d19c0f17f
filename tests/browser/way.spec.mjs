// One number's way through the network: what it is made of, as it stands on the page, is what the network did.
import { expect, test } from './lab.mjs';

/** “−0.044”, “(−0.044)” and “1,204” as numbers. */
const number = (text) => Number(text.replace('−', '-').replace(/[(),]/g, ''));
const numbers = async (locator) => (await locator.allInnerTexts()).map(number);
const sum = (all) => all.reduce((total, one) => total + one, 0);

/** A layer's maps, with a training picture's activations on them. */
async function maps(lab, layer, sample = 2) {
  await lab.samples.getByRole('button').nth(sample).click();
  const strip = lab.network.getByTestId(`layer-${layer}`).getByRole('button', { name: /Enter shows how/ });
  await expect.poll(() => strip.locator('canvas').evaluate((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean))).toBe(true);
  return strip;
}

/** What the dialog says that the number is. */
const value = async (way) => number(await way.getByTestId('way-value').innerText());

/** Products add up to each map's sum, these and the bias to the number. */
async function addsUp(way) {
  const rounding = 0.0005;
  for (const channel of await way.getByTestId('way-channel').all()) {
    const labels = await channel.getByTestId('patch').getByRole('button').evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label')));
    const products = labels.map((label) => label.match(/: (\S+) × (\S+) = (\S+?)\. /).slice(1).map(number));
    for (const [x, weight, product] of products) expect(Math.abs(x * weight - product)).toBeLessThan(rounding * (2 + Math.abs(x) + Math.abs(weight)));
    const [shown] = await numbers(channel.getByTestId('channel-sum'));
    expect(Math.abs(sum(products.map(([, , product]) => product)) - shown)).toBeLessThan(rounding * (labels.length + 1));
  }
  const sums = await numbers(way.getByTestId('channel-sum'));
  const [all] = await numbers(way.getByTestId('way-sum'));
  expect(Math.abs(sum(sums) - all)).toBeLessThan(rounding * (sums.length + 1));
  const [bias] = await numbers(way.getByTestId('way-bias'));
  expect(Math.abs(all + bias - await value(way))).toBeLessThan(3 * rounding);
}

test('patch times kernel plus bias is the number in the map, and it follows the training', async ({ lab, page }) => {
  await lab.open('#preset=mnist');
  await lab.call('step', 15);
  const strip = await maps(lab, 0);
  const [map, row, column] = [3, 9, 13];
  const box = await strip.locator('canvas').boundingBox();
  await strip.click({ position: { x: (map * 29 + column + 0.5) / (8 * 29 - 1) * box.width, y: (row + 0.5) / 28 * box.height } });
  const way = page.getByTestId('way');
  await expect(way.getByTestId('way-place')).toHaveText('map 4, row 10, column 14');
  await addsUp(way);
  await expect(way.getByTestId('way-input')).toContainText('5 × 5 of 28 × 28 pixels');
  // As the engine says it, and as the layer's map shows it.
  const { examples: [{ pixels }] } = await lab.ask({ kind: 'samples', train: [2] });
  const input = [...Object.values(pixels)];
  const shown = await value(way);
  const { value: told } = await lab.ask({ kind: 'way', input, layer: 0, map, row, column });
  expect(Math.abs(told - shown)).toBeLessThan(0.001);
  const { layers: [plane] } = await lab.ask({ kind: 'activations', input });
  const byte = plane.pixels[(map * 28 + row) * 28 + column];
  expect(Math.abs(plane.min + (plane.max - plane.min) * byte / 255 - shown)).toBeLessThan((plane.max - plane.min) / 255 + 0.001);
  // The pixel under it has the whole way too.
  await way.getByTestId('patch').getByRole('button').nth(12).click();
  await expect(way.getByRole('heading', { level: 2 })).toHaveText('Input');
  expect(await value(way)).toBeCloseTo((input[row * 28 + column] / 255 - 0.1307) / 0.3081, 2);
  await page.keyboard.press('Backspace');
  await way.getByRole('button', { name: 'Step', exact: true }).click();
  await expect(way.getByTestId('way-step')).toHaveText('step 16');
  await expect.poll(() => value(way)).not.toBe(shown);
  await addsUp(way);
});

test('with the keyboard alone: into a map, from number to number, one layer back and out again', async ({ lab, page }) => {
  await lab.open('#preset=mnist');
  await lab.call('step', 5);
  const strip = await maps(lab, 3);
  await strip.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const way = page.getByTestId('way');
  const place = way.getByTestId('way-place');
  await expect(place).toContainText('map 2');
  await expect(way.getByTestId('way-map')).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('PageDown');
  await expect(place).toContainText('map 3');
  // Eight maps go in: two in full, each of the others one line.
  await expect(way.getByTestId('way-channel')).toHaveCount(2);
  await expect(way.getByTestId('channel-sum')).toHaveCount(8);
  await addsUp(way);
  const before = [await place.textContent(), await value(way)];
  const cell = way.getByTestId('patch').first().locator('button:not(.padding)').first();
  const from = number((await cell.getAttribute('aria-label')).match(/: (\S+) ×/)[1]);
  await cell.focus();
  await page.keyboard.press('Enter');
  await expect(way.getByRole('heading', { level: 2 })).toHaveText('Max pooling 2 × 2');
  expect(await value(way)).toBeCloseTo(from, 3);
  await expect(way.getByTestId('way-window').getByRole('button')).toHaveCount(4);
  await page.keyboard.press('Escape');
  await expect(place).toHaveText(before[0]);
  expect(await value(way)).toBe(before[1]);
  await page.keyboard.press('Escape');
  await expect(way).toBeHidden();
  await expect(strip).toBeFocused();
});

for (const [model, preset, layers] of [['resnet', 'cifar10'], ['mlp', 'mnist'],
  ['custom', 'fashion', 'conv4x3-norm-leaky-avgpool-conv4x1-gelu-dropout10-globalpool-dense8-sigmoid-dense']]) {
  test(`from the answer down to a pixel, layer by layer (${model})`, async ({ lab, page }) => {
    await lab.open(`#preset=${preset}&model.id=${model}${layers ? `&model.layers=${layers}` : ''}`);
    const { layers: list } = await lab.ask({ kind: 'describe' });
    const strip = await maps(lab, list.length - 1);
    await strip.focus();
    await page.keyboard.press('Enter');
    const way = page.getByTestId('way');
    await expect(way.getByTestId('way-softmax')).toBeVisible();
    await addsUp(way);
    const heading = way.getByRole('heading', { level: 2 });
    const trail = way.getByRole('navigation').getByRole('listitem');
    for (let depth = 1; await heading.innerText() !== 'Input'; depth += 1) {
      expect(depth).toBeLessThan(3 * list.length);
      const last = await value(way);
      const outs = await numbers(way.getByTestId('way-out'));
      expect(Math.abs(outs.at(-1) - last), await heading.innerText()).toBeLessThan(0.0015);
      const next = way.getByRole('button', { name: /Where does (it|the first number) come from\?$/ });
      const label = await next.first().getAttribute('aria-label');
      const going = number(label.match(/(−?[\d,.]+\d)( ×|\. Where does it)/)[1]);
      await next.first().click();
      await expect(trail).toHaveCount(depth + 1);
      await expect(heading).toHaveText(await trail.last().innerText());
      // What was shown stays until the engine has answered, and two numbers on the way may be the same.
      await expect(way.getByTestId('way-top')).toHaveAttribute('aria-busy', 'false');
      await expect.poll(async () => Math.abs(await value(way) - going)).toBeLessThan(0.006);
    }
  });
}

for (const [width, scheme] of [[390, 'dark'], [1280, 'light']]) {
  test(`anyone can read it (${width} px, ${scheme})`, async ({ lab, page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await lab.open('#preset=mnist');
    await lab.samples.getByRole('button').nth(2).click();
    const model = page.getByRole('tab', { name: 'Model' });
    if (await model.isVisible()) await model.click();
    await expect(page.getByTestId('network').getByText(/^Training picture 3, /)).toBeVisible();
    for (const layer of [3, 2, 1, 7]) {
      // A press that spans the moment in which a layer is drawn anew is none: one presses again.
      await expect(async () => {
        const button = page.getByTestId(`layer-${layer}`).getByRole('button', { name: /Enter shows how/ });
        if (await page.getByTestId('way').isHidden()) await button.click();
        await expect(page.getByTestId('way-out').last()).toBeVisible({ timeout: 4000 });
      }).toPass();
      await lab.isFitNow();
      await page.keyboard.press('Escape');
      await expect(page.getByTestId('way')).toBeHidden();
    }
  });
}
