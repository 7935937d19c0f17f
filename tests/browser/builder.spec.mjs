// The network as a list of layers: edited by keyboard, explained where it does not fit, kept in the link, told as code.
import { expect, test } from './lab.mjs';

const rows = (page) => page.getByTestId('builder').getByRole('listitem');
const layers = async (lab) => (await lab.state()).spec['model.layers'];

test('layers are edited by keyboard, and what does not fit is said before it is run', async ({ lab, page }) => {
  await lab.open();
  const before = (await lab.state()).spec['model.id'];
  expect(before).toBe('cnn');
  await page.getByTestId('edit-layers').focus();
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(10);
  await expect(page.getByTestId('build-total')).toContainText('54,314 parameters');
  await expect(page.getByTestId('build-10')).toContainText('one for each class: 10');
  const whole = await layers(lab);
  expect(whole).toBe('conv8x5-relu-pool-conv16x5-relu-pool-flatten-dense64-relu-dense');

  // Without Flatten the dense layer gets a picture. The run keeps the list that fits.
  await page.getByRole('button', { name: 'Layer 7: remove' }).focus();
  await page.keyboard.press('Enter');
  await expect(rows(page)).toHaveCount(9);
  const dense = page.getByTestId('build-7');
  await expect(dense.getByRole('alert').last()).toHaveText(
    'It takes a list of numbers, but gets a picture of 16 × 7 × 7. Put Flatten before it.',
  );
  await expect(page.getByTestId('build-error')).toContainText('do not fit together yet');
  expect(await layers(lab)).toBe(whole);
  await expect(dense.getByRole('button', { name: 'Layer 7: remove' })).toBeFocused();

  // It comes back behind the dense layer, and goes up past it; the focus goes along.
  await page.locator('#add-layer').focus();
  await page.keyboard.type('Fl');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const flatten = page.getByTestId('build-8').getByRole('button', { name: 'Layer 8: remove' });
  await expect(flatten).toBeFocused();
  await expect(page.getByTestId('build-error')).toContainText('do not fit together yet');
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page.getByTestId('build-7')).toContainText('Flatten');
  await expect(page.getByRole('button', { name: 'Layer 7: remove' })).toBeFocused();
  await expect(page.getByTestId('build-error')).toBeEmpty();
  await expect(page.getByTestId('build-total')).toContainText('54,314 parameters');

  // A number out of range stays where it was typed, with what it can be.
  const kernel = page.getByTestId('build-1').getByLabel('Kernel');
  await kernel.fill('4');
  await kernel.press('Enter');
  await expect(page.getByTestId('build-1')).toContainText('Kernel: an odd number from 1 to 7');
  await kernel.fill('3');
  await kernel.press('Enter');
  const filters = page.getByTestId('build-1').getByLabel('Filters');
  await filters.fill('4');
  await filters.press('Enter');
  const edited = 'conv4x3-relu-pool-conv16x5-relu-pool-flatten-dense64-relu-dense';
  await expect.poll(() => layers(lab)).toBe(edited);
  await expect(page.getByTestId('build-1')).toContainText('4 × 28 × 28');
  await expect(lab.network.getByTestId('layer-0')).toContainText('4 × 28 × 28');

  // It trains, and its link opens it again.
  await lab.call('step', 3);
  expect((await lab.state()).run.step).toBe(3);
  await expect.poll(() => page.url()).toContain(`model.layers=${edited}`);
  await page.reload();
  await lab.ready();
  expect(await layers(lab)).toBe(edited);
  await expect(rows(page)).toHaveCount(10);
  await expect(page.getByTestId('build-1').getByLabel('Filters')).toHaveValue('4');

  // The same in code.
  await page.getByTestId('code').focus();
  await page.keyboard.press('Enter');
  const text = page.locator('#code-text');
  await expect(text).toHaveValue(/nn\.Conv2d\(1, 4, 3, padding=1\), {2}# 4 × 28 × 28/);
  await page.locator('#code-framework').selectOption('keras');
  await expect(text).toHaveValue(/keras\.datasets\.mnist\.load_data\(\)[^]*Conv2D\(4, 3/);
  await page.keyboard.press('Escape');
  await expect(text).toHaveCount(0);
  await expect(page.getByTestId('code')).toBeFocused();
});

test('any network is a list to begin with, and a residual one trains', async ({ lab, page }) => {
  await lab.open('#preset=mnist&v=1&model.id=custom');
  await page.locator('#start-from').selectOption('resnet');
  const list = 'conv16x3-norm-relu-residual16s1-residual32s2-residual64s2-globalpool-dense';
  await expect.poll(() => layers(lab)).toBe(list);
  await lab.call('set', { 'model.layers': 'conv4x3 norm relu residual6s2 globalpool dense' });
  await expect(rows(page)).toHaveCount(6);
  await expect(page.getByTestId('build-4').getByLabel('Stride')).toHaveValue('2');
  await lab.call('step', 2);
  expect((await lab.state()).run.step).toBe(2);
  const why = await page.evaluate(() => window.intab.set({ 'model.layers': 'conv4x3-dense' }).catch((e) => e.message ?? String(e)));
  expect(why).toContain('layer 2: Dense takes a list of numbers');
});

test('a network for rows of numbers is a list too, without what takes pictures', async ({ lab, page }) => {
  await lab.open('#preset=penguins');
  await page.getByTestId('edit-layers').click();
  await expect(page.locator('#builder-title')).toBeFocused();
  await expect(page.getByTestId('graph')).toBeVisible();
  const kinds = await page.locator('#add-layer option').allInnerTexts();
  expect(kinds).toContain('Dropout');
  expect(kinds).not.toContain('Convolution');
  await expect(page.getByTestId('builder')).toContainText('Not offered, because they do not take data like this: Convolution');
  const before = await layers(lab);
  await page.locator('#add-layer').selectOption('norm');
  await page.getByTestId('add-layer').click();
  await expect.poll(() => layers(lab)).toBe(before.replace(/-dense$/, '-norm-dense'));
  await expect(rows(page).last()).toContainText('one for each class: 3');
  expect(await page.locator('#start-from option').allInnerTexts()).toHaveLength(2);
  await lab.call('step', 3);
  expect((await lab.state()).run.step).toBe(3);
  // The plane's is folded away below its picture.
  await lab.open('#preset=plane&data.id=slope');
  await expect(rows(page).first()).toBeHidden();
  await page.getByTestId('layer-list').locator('summary').click();
  await expect(rows(page)).toHaveCount(5);
  await expect(rows(page).last()).toContainText('the predicted number');
});
