// The page as a frame: a poster that costs nothing, messages, and a deck whose keys go on working.
import AxeBuilder from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { deck } from './deck.mjs';
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

/** It is not done before a test is. */
const LONG = 'preset=mnist&v=1&model.id=mlp&engine=cpu&train.epochs=1000';

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
  const { frame, say, heard } = await around(page, site, 'embed=1', LONG);
  await say('slide:start');
  await frame.waitForFunction(() => window.intab);
  await say({ intab: 1, cmd: 'play' });
  await frame.evaluate(() => window.intab.until({ step: 30 }, 60));
  await say('slide:stop');
  const left = await frame.evaluate(() => window.intab.until({ state: 'paused' }, 20));
  await expect.poll(() => heard('state')).toMatchObject({ run: { state: 'paused', step: left.run.step } });
  await say('slide:start');
  await expect.poll(() => heard('state')).toMatchObject({ run: { state: 'playing', step: left.run.step } });
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

test('the words of other embeds: click to load, reduced motion, live when it is seen', async ({ page, site }) => {
  const { frame } = await around(page, site, 'embed=1&ctl=1&motion=reduce');
  await expect(frame.getByRole('button', { name: 'Start this lab' })).toBeVisible();
  expect(wasm(site)).toEqual([]);
  expect(await frame.locator('.skeleton').first().evaluate((e) => getComputedStyle(e).animationName)).toBe('none');
  const lazy = await around(page, site, 'embed=1&loading=lazy', 'preset=mnist&model.id=mlp&engine=cpu&only=model');
  await lazy.frame.waitForFunction(() => window.intab);
  await lazy.frame.evaluate(() => window.intab.ready);
  await expect(lazy.frame.getByTestId('panel-model')).toBeVisible();
  await expect(lazy.frame.locator('.panel:visible')).toHaveCount(1);
  expect(await lazy.frame.evaluate(() => window.intab.state().run.step)).toBe(0);
});

test('`view=` of older frames goes on meaning what it did, and a poster has the same panels', async ({ page, site }) => {
  const { frame, say } = await around(page, site, 'embed=1&view=learned');
  await expect(frame.locator('.panel:visible')).toHaveCount(1);
  await say('slide:start');
  await frame.waitForFunction(() => window.intab);
  await expect(frame.getByTestId('panel-learned')).toBeVisible();
  await expect(frame.locator('.panel:visible')).toHaveCount(1);
});

/** A frame that reveal.js loads and unloads by itself: its address goes and comes. */
async function leaves(page) {
  await page.evaluate(() => {
    const frame = document.getElementById('lab');
    frame.contentWindow.postMessage('slide:stop', '*');
    frame.dataset.src = frame.src;
    frame.src = 'about:blank';
  });
  await expect.poll(() => page.frames()[1].url()).toBe('about:blank');
}

async function comes(page, { going = true } = {}) {
  await page.evaluate(() => new Promise((resolve) => {
    const frame = document.getElementById('lab');
    frame.addEventListener('load', () => {
      frame.contentWindow.postMessage('slide:start', '*');
      resolve();
    }, { once: true });
    frame.src = frame.dataset.src;
  }));
  const frame = page.frames()[1];
  await frame.waitForFunction(() => window.intab);
  await frame.evaluate((state) => window.intab.until({ state }, 60), going ? 'playing' : 'paused');
  return frame;
}

/** Steps that are kept under a frame's id; none if nothing is. */
const kept = (page, id) => page.evaluate(async (id) => {
  const found = await (await caches.open(`intab-frame ${location.origin}`)).match(new URL(`../run/frame/${id}/about`, location.href));
  return found && (await found.json()).run.progress.step;
}, id);

test('a frame that is unloaded with its slide comes back where it was', async ({ page, site }) => {
  test.setTimeout(240_000);
  const { frame, say, heard } = await around(page, site, 'embed=1&id=away', LONG);
  await say('slide:start');
  await say({ intab: 1, cmd: 'step', args: [60], call: 1 });
  await expect.poll(() => heard('answer'), { timeout: 60_000 }).toMatchObject({ result: { run: { step: 60, state: 'paused' } } });
  const curve = (frame) => frame.evaluate(async () => (await window.intab.ask({ kind: 'curve' })).train);
  const before = await curve(frame);
  await expect.poll(() => kept(page, 'away')).toBe(60);
  await leaves(page);
  // Paused it went, and paused it is back, at the same step and with the same curve.
  let back = await comes(page, { going: false });
  await expect.poll(() => back.evaluate(() => window.intab.state().run.step)).toBe(60);
  expect(await curve(back)).toEqual(before);
  await expect(back.getByTestId('offer')).toHaveCount(0);
  // Training it goes, and training it is back.
  await back.evaluate(() => window.intab.play());
  await back.evaluate(() => window.intab.until({ step: 200 }, 60));
  await expect.poll(() => kept(page, 'away')).toBeGreaterThan(60);
  const seen = await kept(page, 'away');
  await leaves(page);
  back = await comes(page);
  const { run } = await back.evaluate(() => window.intab.until({ step: 61 }, 60));
  expect(run.step).toBeGreaterThanOrEqual(seen);
  // Another lab under the same id begins anew, and a frame without an id keeps nothing.
  await back.evaluate(() => window.intab.pause());
  await page.evaluate((hash) => { document.getElementById('lab').dataset.src = hash; }, `${site.url}?embed=1&id=away#preset=mnist&v=1&model.id=mlp&engine=cpu&seed=3`);
  await page.evaluate(() => { document.getElementById('lab').src = 'about:blank'; });
  back = await comes(page, { going: false }).catch(() => null) ?? page.frames()[1];
  expect(await back.evaluate(() => window.intab.state().run.step)).toBe(0);
});

test('the newest eight frames are kept, and none without an id', async ({ page, site }) => {
  test.setTimeout(300_000);
  for (let at = 0; at < 9; at += 1) {
    const { frame, say } = await around(page, site, `embed=1&id=n%20${at}`, LONG);
    await say('slide:start');
    await say({ intab: 1, cmd: 'step', args: [2], call: 1 });
    await frame.waitForFunction(() => window.intab);
    await expect.poll(() => kept(page, `n%20${at}`)).toBe(2);
  }
  await expect.poll(() => kept(page, 'n%200')).toBeUndefined();
  expect(await kept(page, 'n%201')).toBe(2);
  const { frame, say, heard } = await around(page, site, 'embed=1', LONG);
  await say({ intab: 1, cmd: 'step', args: [2], call: 1 });
  await expect.poll(() => heard('answer')).toMatchObject({ result: { run: { step: 2 } } });
  await frame.evaluate(() => window.intab.play().then(() => window.intab.until({ step: 30 }, 60)).then(() => window.intab.pause()));
  const names = (place) => page.evaluate(async (place) => (await (await caches.open(place)).keys()).map(({ url }) => url).filter((url) => url.includes('/run/')), place);
  const framed = await names(`intab-frame ${new URL(site.url).origin}`);
  expect(framed.filter((url) => !url.includes('/run/frame/'))).toEqual([]);
  expect(framed).toHaveLength(16);
  expect(await names('intab-v1'), 'the page’s own place').toEqual([]);
});

test('over fifty slides the deck’s memory does not grow', async ({ page, site, browser }) => {
  test.setTimeout(300_000);
  const { frame } = await deck(page, site);
  const session = await browser.newBrowserCDPSession();
  /** Workers of the whole deck, and what its processes hold. */
  const measure = async () => {
    const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'worker', exclude: false }, { type: 'iframe', exclude: false }] });
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const resident = ({ id }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1]) / 1024;
    const megabytes = processInfo.filter(({ type }) => type === 'renderer').reduce((sum, process) => sum + resident(process), 0);
    return { workers: page.workers().length, targets: targetInfos.length, megabytes };
  };
  const go = async (h) => {
    await page.evaluate((h) => window.deck.slide(h), h);
    const lab = await frame(['one', 'two', 'three'][h]);
    await lab.evaluate(() => window.intab.ready);
    return lab;
  };
  // Every lab has trained, and has been left and come back to.
  for (const h of [0, 1, 2, 0, 1, 2]) {
    const lab = await go(h);
    await lab.evaluate(() => window.intab.play().then(({ run }) => window.intab.until({ step: run.step + 20 }, 60)));
  }
  const collect = async () => {
    const client = await page.context().newCDPSession(page);
    await client.send('HeapProfiler.collectGarbage');
    await client.detach();
  };
  await collect();
  const before = await measure();
  for (let turn = 0; turn < 50; turn += 1) {
    await go(turn % 3);
  }
  await go(2);
  await collect();
  const after = await measure();
  console.log(`before ${JSON.stringify(before)}, after 50 slides ${JSON.stringify(after)}`);
  expect(after.workers).toBeLessThanOrEqual(before.workers);
  expect(after.megabytes).toBeLessThan(before.megabytes * 1.2);
});

for (const scheme of ['light', 'dark']) {
  test(`axe finds nothing in a frame, before and after it is live (${scheme})`, async ({ page, site }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.goto(`${site.url}?embed=1#${LONG}`);
    const serious = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations.filter(({ impact }) => ['serious', 'critical'].includes(impact)).map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
    };
    await expect(page.getByRole('button', { name: 'Start this lab' })).toBeVisible();
    expect(await serious()).toEqual([]);
    await page.getByRole('button', { name: 'Start this lab' }).click();
    await page.waitForFunction(() => window.intab);
    await page.evaluate(() => window.intab.until({ test_accuracy: 0.2 }, 60));
    await page.evaluate(() => window.intab.pause());
    expect(await serious()).toEqual([]);
  });
}
