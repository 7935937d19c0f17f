// Live labs in any page: `<script type="module" src="…/embed.js"></script>` and `<intab-lab preset="mnist"></intab-lab>`;
// in reveal.js also `plugins: [IntabReveal]`, so that keys pressed in a lab turn the slides. No dependencies.

const base = new URL('./', import.meta.url).href;
// What becomes part of the frame's address: its own switches, and the lab's settings.
const SWITCHES = ['theme', 'bg', 'view', 'controls', 'autoplay', 'ctl', 'loading', 'motion', 'lang', 'id', 'origins'];

/** `<intab-lab preset settings="train.learning_rate=0.01&seed=3" lesson theme view controls autoplay title>` */
export class IntabLab extends HTMLElement {
  static observedAttributes = ['preset', 'settings', 'lesson', ...SWITCHES];

  connectedCallback() {
    this.frame ??= this.appendChild(Object.assign(document.createElement('iframe'), {
      allow: 'camera; clipboard-write; fullscreen', loading: 'lazy', style: 'width:100%;height:100%;border:0',
    }));
    this.frame.title = this.getAttribute('title') ?? 'A neural network that you can train here';
    this.frame.src = this.address;
  }

  attributeChangedCallback() {
    if (this.isConnected && this.frame && this.frame.src !== this.address) this.frame.src = this.address;
  }

  /** The frame's address: switches in the query, what the lab shows in the hash. */
  get address() {
    const query = new URLSearchParams({ embed: '1' });
    for (const name of SWITCHES) if (this.hasAttribute(name)) query.set(name, this.getAttribute(name));
    const lesson = this.getAttribute('lesson');
    // A lesson brings its own lab.
    const preset = this.getAttribute('preset') ?? (lesson ? null : 'mnist');
    const fields = [preset && `preset=${encodeURIComponent(preset)}`, lesson && `lesson=${encodeURIComponent(lesson)}`];
    if (this.hasAttribute('settings')) fields.push('v=1', this.getAttribute('settings'));
    return `${base}?${query}#${fields.filter(Boolean).join('&')}`;
  }

  /** `await lab.send('play')`: a command of the scripting interface, answered by what it gives. */
  send(cmd, ...args) {
    const call = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      const hear = ({ source, data }) => {
        if (source !== this.frame.contentWindow || data?.intab !== 1 || data.call !== call) return;
        removeEventListener('message', hear);
        if (data.event === 'error') reject(new Error(data.error));
        else resolve(data.result);
      };
      addEventListener('message', hear);
      this.frame.contentWindow.postMessage({ intab: 1, cmd, args, call }, new URL(base).origin);
    });
  }
}

if (!customElements.get('intab-lab')) {
  // Any rule of the page around it is stronger.
  const look = document.createElement('style');
  look.textContent = ':where(intab-lab) { display: block; width: 100%; aspect-ratio: 16 / 9; }';
  document.head.prepend(look);
  customElements.define('intab-lab', IntabLab);
}

/** Which of our frames a message is from, wherever it stands. */
const frameOf = (source) => [...document.querySelectorAll('iframe')].find((frame) => frame.contentWindow === source);

/** For reveal.js: labs start and stop with their slide, and keys that they do not use turn the slides. */
export const IntabReveal = {
  id: 'intab',
  init(deck) {
    addEventListener('message', ({ source, data }) => {
      if (data?.intab !== 1 || data.event !== 'key' || !frameOf(source)) return;
      deck.triggerKey?.(keyCode(data.key));
    });
    const tell = (slide, message) => slide?.querySelectorAll('intab-lab > iframe').forEach((frame) => {
      frame.contentWindow?.postMessage(message, new URL(base).origin);
    });
    deck.on('slidechanged', ({ previousSlide, currentSlide }) => {
      tell(previousSlide, 'slide:stop');
      tell(currentSlide, 'slide:start');
    });
    const begin = (slide) => {
      const frames = slide?.querySelectorAll('intab-lab > iframe') ?? [];
      for (const frame of frames) frame.addEventListener('load', () => tell(slide, 'slide:start'), { once: true });
      tell(slide, 'slide:start');
    };
    // Given to a deck that is shown already, there is no such event any more.
    if (deck.isReady()) begin(deck.getCurrentSlide());
    else deck.on('ready', ({ currentSlide }) => begin(currentSlide));
  },
};

const CODES = { ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, PageUp: 33, PageDown: 34, Home: 36, End: 35, Escape: 27, ' ': 32, '.': 190 };
const keyCode = (key) => (Object.hasOwn(CODES, key) ? CODES[key] : key.toUpperCase().charCodeAt(0));
