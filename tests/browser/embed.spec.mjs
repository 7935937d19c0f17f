// The page as a frame: a poster that costs nothing, messages, and a deck whose keys go on working.
import { expect, test } from './lab.mjs';

/** A page around a frame: it keeps what it hears. */
async function around(page, site, query = 'embed=1', hash = 'preset=mnist&model.id=mlp&engine=cpu') {
  await page.goto(`${site.url}slides/`);
  await page.setContent('<p>A page</p>');
  await page.evaluate(([src]) => {
    window.heard = [];
    addEventListener('message', ({ data }) => window.heard.push(data));
    const frame = Object.assign(document.createElement('iframe'), { src, title: 'lab', id: 'lab', style: 'width:900px;height:500px' });
    document.body.append(frame);
  }, [`${site.url}?${query}#${hash}`]);
  await expect.poll(() => page.frames().length).toBe(2);
  const frame = page.frames()[1];
  await frame.waitForLoadState();
  const say = (message) => page.evaluate((message) => document.getElementById('lab').contentWindow.postMessage(message, '*'), message);
  const heard = (event) => page.evaluate((event) => window.heard.findLast((message) => message.event === event), event);
  return { frame, say, heard };
}

const wasm = (site) => site.requests.filter((path) => path.endsWith('.wasm'));

test('a poster asks for no program, and a click makes it live', async ({ page, site }) => {
  const { frame, heard } = await around(page, site);
  const start = frame.getByRole('button', { name: 'Start this lab' });
  await expect(start).toBeVisible();
  await expect.poll(() => heard('height')).toMatchObject({ intab: 1 });
  expect(wasm(site)).toEqual([]);
  await start.click();
  await expect.poll(() => heard('progress')).toMatchObject({ run: { state: 'playing' } });
  expect(wasm(site).length).toBeGreaterThan(0);
  await expect(frame.locator('.top')).toBeHidden();
});

test('commands are answered, and what is none is refused by name', async ({ page, site }) => {
  const { say, heard } = await around(page, site, 'embed=1&id=a');
  await say({ intab: 1, cmd: 'step', args: [3], call: 1 });
  await expect.poll(() => heard('answer')).toMatchObject({ id: 'a', call: 1, result: { run: { step: 3 } } });
  await say({ intab: 1, cmd: 'set', args: [{ seed: 'x' }], call: 2 });
  await expect.poll(() => heard('error')).toMatchObject({ call: 2 });
  await say({ intab: 1, cmd: 'eval', args: ['1'], call: 3 });
  await expect.poll(() => heard('error')).toMatchObject({ call: 3, error: expect.stringContaining('there is no command “eval”') });
});

test('a page that is not on the list is not heard', async ({ page, site }) => {
  const { frame, say } = await around(page, site, 'embed=1&origins=https://example.org');
  await say({ intab: 1, cmd: 'step', args: [1], call: 1 });
  await say('slide:start');
  await expect(frame.getByRole('button', { name: 'Start this lab' })).toBeVisible();
  expect(wasm(site)).toEqual([]);
});

test('it pauses when its slide is left and goes on at the same step', async ({ page, site }) => {
  const { frame, say } = await around(page, site);
  await say('slide:start');
  await frame.waitForFunction(() => window.intab);
  await say({ intab: 1, cmd: 'play' });
  await frame.evaluate(() => window.intab.until({ step: 30 }, 60));
  await say('slide:stop');
  const left = await frame.evaluate(() => window.intab.until({ state: 'paused' }, 20));
  await say('slide:start');
  const back = await frame.evaluate(() => window.intab.until({ state: 'playing' }, 20));
  expect(back.run.step).toBeGreaterThanOrEqual(left.run.step);
  expect(back.run.step).toBeLessThan(left.run.step + 40);
});

test('out of sight it pauses', async ({ page, site }) => {
  const { frame, say } = await around(page, site);
  await say({ intab: 1, cmd: 'play' });
  await frame.waitForFunction(() => window.intab);
  await frame.evaluate(() => window.intab.until({ step: 10 }, 60));
  await page.evaluate(() => { document.getElementById('lab').style.marginTop = '4000px'; });
  await frame.evaluate(() => window.intab.until({ state: 'paused' }, 20));
  await page.evaluate(() => { document.getElementById('lab').style.marginTop = 0; });
  await frame.evaluate(() => window.intab.until({ state: 'playing' }, 20));
});

test('in a deck, keys turn the slides after a click into a lab', async ({ page, site }) => {
  await page.goto(`${site.url}slides/`);
  await page.waitForFunction(() => window.deck?.isReady());
  expect(wasm(site), 'the title slide loads no program').toEqual([]);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.frames().some((frame) => frame.url().includes('id=learn'))).toBe(true);
  const lab = page.frames().find((frame) => frame.url().includes('id=learn'));
  await lab.getByTestId('play').click();
  await lab.evaluate(() => window.intab.until({ state: 'playing' }, 60));
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.evaluate(() => window.deck.getIndices().h)).toBe(3);
  const { run } = await lab.evaluate(() => window.intab.until({ state: 'paused' }, 20));
  await page.keyboard.press('ArrowLeft');
  const again = await lab.evaluate(() => window.intab.until({ state: 'playing' }, 20));
  expect(again.run.step).toBeGreaterThanOrEqual(run.step);
});
