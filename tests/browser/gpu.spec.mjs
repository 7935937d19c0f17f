// Real WebGPU on a software adapter: tiny work, true answers.
import { expect, test } from './lab.mjs';

/** The smallest network and batch that still learn: a software adapter is tens of times slower than the CPU. */
const TINY = '#preset=mnist&model.id=mlp&model.hidden_1=16&model.hidden_2=16&train.batch_size=8';

/** Runs `code` in the GPU worker before its engine starts: imports come first, `init` is the script's last word. */
function inWorker(site, code) {
  site.changes.push([/engine_gpu-.*worker\.js/, (bytes) => `${code}\n${bytes}`]);
}

async function onGpu(lab) {
  await expect.poll(async () => (await lab.state()).engine.kind, { timeout: 120_000 }).toBe('gpu');
}

test('WebGPU trains, its loss goes down, and its first hundred losses are the CPU’s', async ({ lab }) => {
  // More examples than a workgroup has invocations, and more weights than the optimiser's have at once.
  await lab.open(TINY.replace('batch_size=8', 'batch_size=70').replace('hidden_1=16', 'hidden_1=340'), { engine: 'cpu' });
  const cpu = await lab.firstLosses(100);
  await lab.call('set', { engine: 'gpu' });
  await onGpu(lab);
  await lab.call('reset');
  const gpu = await lab.firstLosses(100);
  expect(gpu).toHaveLength(100);
  for (const [step, loss] of cpu.entries()) expect(Math.abs(gpu[step] - loss), `step ${step + 1}`).toBeLessThan(0.0002);
  const mean = (losses) => losses.reduce((sum, loss) => sum + loss) / losses.length;
  expect(mean(gpu.slice(-6))).toBeLessThan(mean(gpu.slice(0, 6)));
});

test('a convolutional network trains on WebGPU as on the CPU', async ({ lab }) => {
  // Smoothed labels, decayed weights and a β₂ of its own are parts of the programs for loss and optimiser.
  const cnn = '#preset=mnist&model.filters_1=2&model.filters_2=2&model.hidden=8&train.batch_size=4'
    + '&train.label_smoothing=0.2&train.optimizer=adamw&train.weight_decay=0.5&train.beta2=0.9&train.learning_rate=0.01';
  await lab.open(cnn, { engine: 'cpu' });
  const cpu = await lab.firstLosses(6);
  await lab.call('set', { engine: 'gpu' });
  await onGpu(lab);
  await lab.call('reset');
  const gpu = await lab.firstLosses(6);
  for (const [step, loss] of cpu.entries()) expect(Math.abs(gpu[step] - loss), `step ${step + 1}`).toBeLessThan(0.0002);
});

test('convolutions of every kind train on WebGPU as on the CPU', async ({ lab }) => {
  // Filters that no group of 8 divides, an odd picture pooled, and convolutions with a ReLU alone and with nothing after them.
  const layers = 'conv3x3-relu-pool-conv9x5-relu-pool-conv4x3-relu-pool-conv10x5-relu-conv2x3-flatten-dense7-relu-dense';
  await lab.open(`#preset=mnist&model.id=custom&model.layers=${layers}&train.batch_size=5&train.learning_rate=0.01`, { engine: 'cpu' });
  const cpu = await lab.firstLosses(10);
  await lab.call('set', { engine: 'gpu' });
  await onGpu(lab);
  await lab.call('reset');
  const gpu = await lab.firstLosses(10);
  expect(gpu).toHaveLength(10);
  for (const [step, loss] of cpu.entries()) expect(Math.abs(gpu[step] - loss), `step ${step + 1}`).toBeLessThan(0.0002);
});

test('every kind of layer trains on WebGPU as on the CPU, and says the same of an example', async ({ lab, page }) => {
  // Strides over even and odd sizes, with a way around them and with a projection there; rows are normalised, too, over the batch and each by itself.
  const layers = 'conv4x3-norm-relu-residual4s1-gelu-avgpool-residual6s2-leaky-residual9s2-dropout20-crop1-tanh-pool'
    + '-conv5x3-sigmoid-flatten-dense6-norm-relu-dense4-norm-dense';
  const pooled = 'conv3x3-layernorm-residual5s2-globalpool-dense6-layernorm-rmsnorm-dense';
  const patches = 'patches8x7-classtoken-positions-block2f2b1-first-layernorm-dense';
  const mean = 'patches6x14-sinusoidal-block3f1b1-mean-rmsnorm-dense';
  const networks = [layers, pooled, patches, mean];
  await lab.open(`#preset=mnist&model.id=custom&model.layers=${layers}&train.batch_size=7&train.optimizer=momentum&train.learning_rate=0.01`, { engine: 'cpu' });
  await expect(page.locator('#add-layer option').nth(12)).toBeAttached();
  const kinds = await page.locator('#add-layer option').evaluateAll((options) => options.map((option) => option.value).filter(Boolean));
  expect(kinds.length).toBeGreaterThan(12);
  expect(kinds.filter((kind) => !networks.join('-').includes(kind))).toEqual([]);
  for (const network of networks) {
    await lab.call('set', { engine: 'cpu', 'model.layers': network });
    await expect.poll(async () => (await lab.state()).engine.kind).toBe('cpu');
    const cpu = await tried(lab);
    await lab.call('set', { engine: 'gpu' });
    await onGpu(lab);
    const gpu = await tried(lab);
    expect(cpu.losses).toHaveLength(STEPS);
    for (const [step, loss] of cpu.losses.entries()) expect(Math.abs(gpu.losses[step] - loss), `step ${step + 1}`).toBeLessThan(0.001);
    for (const [at, layer] of cpu.layers.entries()) {
      const width = Math.max(layer.max - layer.min, 0.01);
      for (const end of ['min', 'max']) expect(Math.abs(gpu.layers[at][end] - layer[end]), `${end} of ${layer.title}, ${at}`).toBeLessThan(0.02 * width);
    }
  }
});

// What is looked at is numbers of the network: hidden states, or what each token takes of the others.
for (const [what, layers, look] of [
  ['recurrent layers', 'embedding5-rnn4-lstm6f2c1-dropout10-gru7-layernorm-dense7-tanh-dense', ({ units }) => units.hidden.flat()],
  ['Transformer blocks', 'embedding8-positions-block2f2n0a0p0q0s0-sinusoidal-block4f1n1a1p1q1s1-block2f1n1a2p2q0s1-rmsnorm-dense',
    ({ layers }) => layers.flatMap(({ heads }) => heads.flat(2))],
]) {
  test(`${what} over tokens train on WebGPU as on the CPU, and write the same`, async ({ lab }) => {
    await lab.open(`#preset=names&model.id=custom&model.layers=${layers}&train.batch_size=5&train.learning_rate=0.01`, { engine: 'cpu' });
    const question = { kind: what === 'recurrent layers' ? 'states' : 'attention', input: 'anna' };
    // What recurs adds its rounding up over the longest way.
    const steps = what === 'recurrent layers' ? 100 : 12;
    const run = async () => ({
      losses: await lab.firstLosses(steps),
      text: (await lab.ask({ kind: 'generate', prompt: 'an', tokens: 8, temperature: 0 })).text,
      seen: look(await lab.ask(question)),
    });
    const cpu = await run();
    await lab.call('set', { engine: 'gpu' });
    await onGpu(lab);
    await lab.call('reset');
    const gpu = await run();
    expect(gpu.losses).toHaveLength(steps);
    for (const [step, loss] of cpu.losses.entries()) expect(Math.abs(gpu.losses[step] - loss), `step ${step + 1}`).toBeLessThan(0.001);
    expect(gpu.text).toBe(cpu.text);
    expect(cpu.seen.length).toBeGreaterThan(10);
    expect(Math.max(...cpu.seen.map((value, at) => Math.abs(value - gpu.seen[at])))).toBeLessThan(0.001);
  });
}

const STEPS = 4;

/** A new run's first losses, and what the layers make of an example after them. */
async function tried(lab) {
  await lab.call('reset');
  const losses = await lab.firstLosses(STEPS);
  const { layers } = await lab.ask({ kind: 'activations', test: 3 });
  return { losses, layers };
}

test('an adapter without timestamp-query trains as well', async ({ lab, site }) => {
  inWorker(site, `
    const request = GPU.prototype.requestAdapter;
    GPU.prototype.requestAdapter = async function (options) {
      const adapter = await request.call(this, options);
      if (!adapter) return adapter;
      const features = new Set(adapter.features);
      features.delete('timestamp-query');
      Object.defineProperty(adapter, 'features', { value: features });
      const device = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = (wanted = {}) => {
        if ([...(wanted.requiredFeatures ?? [])].includes('timestamp-query')) throw new TypeError('no timestamp-query here');
        return device(wanted);
      };
      return adapter;
    };`);
  await lab.open(TINY, { engine: 'gpu' });
  await onGpu(lab);
  const losses = await lab.firstLosses(6);
  expect(losses).toHaveLength(6);
  expect(losses[0]).toBeLessThan(4);
});

test('a graphics device that is lost in the middle hands over to the CPU from the last checkpoint', async ({ lab, page, site }) => {
  inWorker(site, `
    const request = GPUAdapter.prototype.requestDevice;
    GPUAdapter.prototype.requestDevice = async function (wanted) {
      const device = await request.call(this, wanted);
      new BroadcastChannel('test').onmessage = () => device.destroy();
      return device;
    };`);
  await lab.open(TINY, { engine: 'gpu' });
  await onGpu(lab);
  await lab.call('step', 6);
  await lab.call('play');
  await lab.until({ step: 10 });
  await page.evaluate(() => new BroadcastChannel('test').postMessage('destroy'));
  await expect(lab.notices.last()).toContainText('CPU');
  await expect.poll(async () => (await lab.state()).engine.kind).toBe('cpu');
  const { run } = await lab.until({ step: 60 });
  expect(run.state).toBe('playing');
});

test('a software adapter is not chosen by itself', async ({ lab }) => {
  await lab.open(TINY, { engine: null });
  await expect.poll(async () => (await lab.state()).engine.reason).toMatch(/software/i);
  expect((await lab.state()).engine.kind).toBe('cpu');
});
