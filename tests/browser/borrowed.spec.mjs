// A page of another origin on the same site frames the lab: nothing that the visitor made in the page itself is there, and
// events reach only who may command.
import { createServer } from 'node:http';
import { expect, keptRuns, test as base } from './lab.mjs';

const test = base.extend({
  /** The address of a page of another origin on the same site (only the port differs), empty but for what is put into it. */
  around: async ({}, use) => {
    const server = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html><title>Host</title><body>'));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    await use(`http://127.0.0.1:${server.address().port}/`);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});

/** Frames the lab, and notes all that comes from it. */
const frame = async (page, around, src, attributes = {}) => {
  await page.goto(around);
  await page.evaluate(([src, attributes]) => {
    window.heard = [];
    addEventListener('message', ({ data, origin }) => data?.intab && window.heard.push({ ...data, from: origin }));
    const frame = Object.assign(document.createElement('iframe'), { width: 1000, height: 640 });
    for (const [name, value] of Object.entries(attributes)) frame.setAttribute(name, value);
    document.body.append(Object.assign(frame, { src }));
    window.command = (cmd, ...args) => {
      const call = Math.random();
      frame.contentWindow.postMessage({ intab: 1, cmd, args, call }, '*');
      return new Promise((resolve) => {
        const look = () => {
          const answer = window.heard.find((message) => message.call === call);
          if (answer) resolve(answer); else setTimeout(look, 20);
        };
        look();
      });
    };
  }, [src, attributes]);
};

const heard = (page, event) => expect.poll(() => page.evaluate((event) => window.heard.some((m) => m.event === event), event), { timeout: 60_000 }).toBe(true);

const QUESTIONS = [
  { kind: 'predict', test: 0 }, { kind: 'activations', test: 0 }, { kind: 'filters' }, { kind: 'way', test: 0, layer: 0 },
  { kind: 'samples', dataset: 'csv', train: [0, 1, 2], test: [0, 1, 2] }, { kind: 'samples', train: [0, 1, 2], test: [0, 1, 2] },
  { kind: 'confusion' }, { kind: 'curve' }, { kind: 'cell', truth: 0, predicted: 0 }, { kind: 'mistakes', limit: 20 },
  { kind: 'describe' }, { kind: 'measure', steps: 2 },
];

test('a table of the visitor’s own is not there in a frame of another origin, whatever it asks', async ({ lab, page, around }) => {
  test.setTimeout(240_000);
  await lab.open('#preset=penguins');
  let csv = 'weight_secret,length,animal\n';
  for (let n = 0; n < 90; n += 1) csv += `${n % 17},${n % 11},${n % 17 > 8 ? 'ZEBRA' : 'OKAPI'}\n`;
  await page.getByLabel('Choose a CSV file').setInputFiles({ name: 'patients.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await page.getByRole('radio', { name: 'Learn animal' }).check();
  await expect.poll(async () => (await lab.state()).spec['data.target']).toBe('animal');
  await lab.call('step', 50);
  const hash = new URL(page.url()).hash;
  await expect.poll(() => page.evaluate(async () => Boolean(await (await caches.open('intab-v1')).match('table/csv/file')))).toBe(true);

  for (const [at, place] of [hash, '#preset=penguins', `${hash}&only=data`].entries()) {
    await frame(page, around, `${lab.site.url}?embed=1&autoplay=1&x=${at}${place}`);
    await page.waitForFunction(() => window.heard.some(({ event }) => event));
    const answers = await page.evaluate(async (questions) => {
      const said = [await window.command('state')];
      const slow = (milliseconds) => new Promise((resolve) => { setTimeout(() => resolve('no answer'), milliseconds); });
      said.push(await Promise.race([window.command('step', 3), slow(4000)]));
      for (const question of questions) said.push(await Promise.race([window.command('ask', question), slow(2000)]));
      return JSON.stringify([said, window.heard]);
    }, QUESTIONS);
    expect(answers).not.toMatch(/ZEBRA|OKAPI|weight_secret|patients/);
    const shown = await page.frames().at(-1).evaluate(() => document.body.innerText);
    expect(shown).not.toMatch(/ZEBRA|OKAPI|patients/);
    if (place === '#preset=penguins') expect(answers, 'the lab itself is there').toContain('Adelie');
  }
  // In the page itself it still is.
  await page.goto(`${lab.site.url}${hash}`);
  await expect(page.getByTestId('table-name')).toHaveText('patients.csv');
});

test('own classes and runs are not there in a frame of another origin', async ({ lab, page, around }) => {
  await page.goto(`${lab.site.url}#preset=own`);
  const name = page.getByTestId('class').first().getByRole('textbox');
  await name.fill('Grandmother');
  await expect.poll(() => page.evaluate(async () => (await (await (await caches.open('intab-v1')).match('own/project'))?.text()) ?? '')).toContain('Grandmother');
  await lab.open('#preset=mnist&model.id=mlp');
  // More than a frame that begins anew takes while it is asked.
  await lab.call('step', 500);
  await expect.poll(async () => (await keptRuns(page)).length).toBe(1);

  await frame(page, around, `${lab.site.url}?embed=1&autoplay=1#preset=own`);
  const own = page.frames().at(-1);
  await expect(own.getByTestId('class').first()).toBeVisible();
  await expect(own.getByTestId('class').first().getByRole('textbox')).not.toHaveValue('Grandmother');
  await frame(page, around, `${lab.site.url}?embed=1&id=slide&autoplay=1&y#preset=mnist&model.id=mlp`);
  await heard(page, 'ready');
  expect(await page.evaluate(async () => (await window.command('state')).result.run.step)).toBeLessThan(500);
});

test('events reach only a page that may command', async ({ lab, page, around }) => {
  const { origin } = new URL(around);
  const lone = `${lab.site.url}?embed=1&autoplay=1`;
  await frame(page, around, `${lone}&origins=${origin}#preset=spiral`);
  await heard(page, 'ready');
  // Another page: it hears nothing, though the lab is live and trains.
  await frame(page, around, `${lone}&origins=https://lecture.example#preset=spiral`);
  const inside = page.frames().at(-1);
  await inside.waitForFunction(() => window.intab?.state().run.step > 5);
  expect(await page.evaluate(() => window.heard)).toEqual([]);
});

test('a frame that may not keep anything trains all the same, and says what is not kept', async ({ lab, page, around }) => {
  lab.site.headers = { 'access-control-allow-origin': '*' };
  await frame(page, around, `${lab.site.url}?embed=1&id=slide#preset=mnist&model.id=mlp&engine=cpu`, { sandbox: 'allow-scripts' });
  await page.frames().at(-1).getByRole('button', { name: 'Start this lab' }).click();
  await heard(page, 'ready');
  await expect.poll(() => page.evaluate(async () => (await window.command('state')).result.run.step), { timeout: 60_000 }).toBeGreaterThan(10);
  await expect(page.frames().at(-1).getByTestId('notice')).toContainText('Not kept');
});

test('a frame that may not even load its program says what the page around it must allow', async ({ page, site, around }) => {
  for (const switches of ['embed=1', 'embed=1&autoplay=1', '']) {
    await frame(page, around, `${site.url}?${switches}#preset=mnist`, { sandbox: 'allow-scripts' });
    await expect(page.frames().at(-1).getByRole('alert')).toContainText('allow-same-origin');
  }
});
