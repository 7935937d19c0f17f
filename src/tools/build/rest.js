
// The program's second half (src/tools/build/split): on its way some time after the first has started, and fetched at
// once, everything waiting for it, where the first needs it before.
const REST = new URL("./{{rest}}", import.meta.url);
let restModule;

/** Fetches and compiles the second half, for later. */
export const fetchRest = async () => {
    if (restModule) return;
    const answer = await fetch(REST);
    if (answer.ok) restModule = await WebAssembly.compile(await answer.arrayBuffer());
};

/** A page's thread may wait only for text. */
function restNow() {
    const request = new XMLHttpRequest();
    request.open("GET", REST, false);
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    if (request.status !== 200) throw new Error(`${REST} could not be loaded: ${request.status}`);
    const text = request.responseText;
    const bytes = new Uint8Array(text.length);
    // A loop takes a tenth of what a function for each letter does.
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = text.charCodeAt(at);
    return new WebAssembly.Module(bytes);
}

const rest = {
    load() {
        try {
            restModule ??= restNow();
        } catch (error) {
            // A page says so; an engine ends of it, which the page hears.
            globalThis.document?.documentElement.halt();
            throw error;
        }
        new WebAssembly.Instance(restModule, { first: wasm });
    },
};
