// Until the program's second half is here (src/tools/build/split), what would need it waits for it: nothing that a
// visitor does is lost. Play and the pad, which the first half can do, wait for nothing.

// Done later, in the order in which they came.
const KEPT = ['click', 'input', 'change', 'hashchange', 'keydown', 'keyup', 'contextmenu', 'toggle', 'paste', 'drop', 'resize'];
// Over by then: where a pointer was, what the focus came from.
const PASSING = ['pointerdown', 'pointermove', 'pointerup', 'pointerover', 'pointerout', 'pointerenter', 'pointerleave',
  'pointercancel', 'lostpointercapture', 'focus', 'blur', 'focusin', 'focusout', 'scroll', 'dragover', 'dragleave'];
// What scripts ask of `window.intab`; they ask for anything, and are not in a hurry.
const COMMANDS = ['set', 'ask', 'step', 'reset', 'save', 'load'];

/** A copy of the files that were dropped or pasted, which the browser takes back once the event is over. */
const copyOf = (given) => {
  if (!given) return null;
  const copy = new DataTransfer();
  for (const file of given.files) copy.items.add(file);
  return copy;
};

/** Does again what was held back: an event's properties, which are its prototype's, are what another is made from. */
const redo = ({ event, data }) => {
  const init = {};
  for (const name in event) init[name] = event[name];
  event.target.dispatchEvent(new event.constructor(event.type, { ...init, dataTransfer: data, clipboardData: data }));
};

/** Holds back; gives what fetches the second half and lets go, and may be called again where that failed. */
export const holdBack = (fetchRest) => {
  const held = [];
  let coming;
  const hold = (event) => {
    const { type, target } = event;
    if (target.closest?.('[data-control=play], .pad')) return;
    event.stopImmediatePropagation();
    if (['click', 'drop', 'dragover'].includes(type)) event.preventDefault();
    if (KEPT.includes(type)) {
      held.push({ event, data: copyOf(event.dataTransfer ?? event.clipboardData) });
      document.documentElement.late(come()).catch(document.documentElement.halt);
    }
  };
  const kinds = [...KEPT, ...PASSING];
  for (const kind of kinds) addEventListener(kind, hold, true);
  const come = () => coming ??= fetchRest().then(() => {
    for (const kind of kinds) removeEventListener(kind, hold, true);
    held.forEach(redo);
  }).catch((error) => {
    coming = undefined;
    throw error;
  });
  let intab;
  Object.defineProperty(window, 'intab', { configurable: true, get: () => intab, set: (made) => {
    for (const name of COMMANDS) {
      const call = made[name];
      made[name] = (...values) => come().catch(() => {}).then(() => call(...values));
    }
    intab = made;
  } });
  return come;
};
