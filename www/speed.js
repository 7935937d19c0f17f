// The page that says how fast a device is. The engines run in a frame of the lab that keeps nothing (`?bench=1`), so that no
// run and no setting of the visitor's is touched; what is measured is what `cargo intab bench` measures. Sentences stand
// in double quotes: translators find them by that.

const root = document.documentElement;
const stored = (name) => {
  try { return localStorage.getItem(`intab.${name}`); } catch { return null; }
};

// Theme and language as the lab has them.
const dark = matchMedia('(prefers-color-scheme: dark)');
const paint = () => {
  const theme = stored('theme');
  root.dataset.scheme = theme === 'dark' || theme !== 'light' && dark.matches ? 'dark' : 'light';
};
paint();
dark.addEventListener('change', paint);
const languages = JSON.parse(document.getElementById('languages').textContent);
const asked = [new URLSearchParams(location.search).get('lang'), stored('language'), ...navigator.languages];
root.lang = asked.map((wanted) => wanted?.toLowerCase().split('-')[0]).find((code) => code === 'en' || code && Object.hasOwn(languages, code)) ?? 'en';
const words = root.lang === 'en' ? {} : await fetch(languages[root.lang].file).then((answer) => answer.json()).catch(() => ({}));
/** In the visitor's language, with values in its places. */
const say = (english, ...values) => {
  let at = 0;
  return (Object.hasOwn(words, english) && words[english][0] || english).replaceAll('{}', () => values[at++]);
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const english = texts.currentNode.data.trim();
  if (english) texts.currentNode.data = texts.currentNode.data.replace(english, () => say(english));
}
const number = (value, digits = 3) => new Intl.NumberFormat(root.lang, { maximumSignificantDigits: digits }).format(value);
const share = (value) => new Intl.NumberFormat(root.lang, { style: 'percent' }).format(value);

const NETWORKS = { W1: "Convolutional network", W2: "Multi-layer perceptron" };
const CORES = Math.min(navigator.hardwareConcurrency, 4); // as many train (protocol::MOST_CORES)
const ENGINES = [
  { backend: 'cpu', cores: 1, title: say("CPU, one core, SIMD") },
  ...CORES > 1 ? [{ backend: 'cpu', cores: CORES, title: say("CPU, {} cores, SIMD", CORES) }] : [],
  { backend: 'webgpu', cores: 1, title: say("GPU") },
];
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;
const BATCH = 64;
const SECONDS = 3;

const part = (id) => document.getElementById(id);
const element = (name, properties, ...inside) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
};

part('measure').addEventListener('click', async () => {
  part('measure').disabled = true;
  part('results').hidden = true;
  part('status').textContent = say("Loading the engine and 60,000 digits");
  try {
    show(await measure());
    part('status').textContent = say("Measured.");
  } catch (error) {
    part('status').textContent = say("It could not be measured: {}", error.message);
  }
  part('measure').disabled = false;
});

part('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(part('text').textContent);
    part('status').textContent = say("Copied.");
  } catch {
    // A browser that does not let us: there it is, to be taken by hand.
    part('text').closest('details').open = true;
    getSelection().selectAllChildren(part('text'));
  }
});

/** A real graphics adapter. One that computes on the CPU is slower than our engine there. */
async function hasGpu() {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter?.info ?? {};
  return Boolean(adapter) && !isFallbackAdapter && !SOFTWARE.test([vendor, architecture, device, description].join(' '));
}

/** Every engine on every network: `{ gflops, gpu, found: [{ network, engine, …as of `bench` }] }`, an engine a row of `ENGINES`. */
async function measure() {
  const gpu = await hasGpu();
  const found = [];
  let gflops = 0;
  for (const engine of ENGINES.filter(({ backend }) => gpu || backend === 'cpu')) {
    const { backend, cores, title } = engine;
    const frame = element('iframe', { className: 'engine-frame', title: say("Engine"), tabIndex: -1, inert: true, src: './?bench=1#preset=mnist&engine=cpu' });
    document.body.append(frame);
    try {
      await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      for (const network of Object.keys(NETWORKS)) {
        const result = await frame.contentWindow.__bench(network, { B: BATCH, backend, cores, budgetS: SECONDS });
        if (!result.ok) throw new Error(result.error);
        found.push({ network, engine, ...result });
        part('status').textContent = `${title}, ${say(NETWORKS[network])}: ${say("{} milliseconds a step", number(result.sync20.medianMs))}`;
      }
      if (!gflops) ({ gflops } = await frame.contentWindow.__bench('peak'));
    } finally {
      frame.remove();
    }
  }
  return { gflops, gpu, found };
}

function show({ gflops, gpu, found }) {
  const table = document.querySelector('.speed table');
  for (const body of [...table.tBodies]) body.remove();
  const lines = [`intab, ${new Date().toLocaleDateString(root.lang)}: ${say("{} cores", navigator.hardwareConcurrency)}, ${navigator.userAgent}`];
  const fastest = Math.max(...found.map(({ samplesPerS }) => samplesPerS));
  for (const [network, title] of Object.entries(NETWORKS)) {
    const rows = found.filter((result) => result.network === network);
    const about = say("{}, {} parameters, batches of {}", say(title), number(rows[0].params, 6), BATCH);
    const body = table.createTBody();
    body.append(element('tr', {}, element('th', { scope: 'rowgroup', colSpan: 4, textContent: about })));
    lines.push(about);
    for (const { engine: { backend, title }, sync20, samplesPerS, flopsPerStep, info } of rows) {
      const bar = element('span', { className: 'speed-bar' });
      bar.style.setProperty('--share', samplesPerS / fastest);
      // A graphics chip is no core.
      const ofCore = backend === 'cpu' ? share(flopsPerStep / sync20.medianMs / gflops / 1e6) : '–';
      const name = backend === 'cpu' ? title : `${title} (${info.adapter})`;
      body.append(element('tr', { className: 'num' }, element('th', { scope: 'row', textContent: name }), element('td', { textContent: number(sync20.medianMs) }),
        element('td', {}, number(samplesPerS), bar), element('td', { textContent: ofCore })));
      lines.push(`  ${name}: ${say("{} milliseconds a step", number(sync20.medianMs))}, ${say("{} pictures a second", number(samplesPerS))}, ${say("{} of what one core can do", ofCore)}`);
    }
  }
  const notes = [say("One core of this device can do {} billion multiplications and additions a second in a browser.", number(gflops))];
  if (!gpu) notes.push(say("This browser offers no graphics chip to compute on."));
  part('notes').textContent = notes.join(' ');
  part('text').textContent = [...lines, ...notes].join('\n');
  part('results').hidden = false;
}
