
// The program's second half (src/tools/build/split): on its way some time after the first has started, and fetched at
// once, everything waiting for it, where the first needs it before.
const REST = new URL("./{{rest}}", import.meta.url);
let restModule;

/** Fetches and compiles the second half, for later. Rejects where it cannot be had. */
export const fetchRest = async () => {
    if (restModule) return;
    const answer = await fetch(REST);
    if (!answer.ok) throw new Error(`${REST} could not be loaded: ${answer.status}`);
    restModule = await WebAssembly.compile(await answer.arrayBuffer());
};

/** Only a worker may wait like this: on a page it would hold up everything, and pass by the service worker. */
function restNow() {
    const request = new XMLHttpRequest();
    request.open("GET", REST, false);
    request.responseType = "arraybuffer";
    request.send();
    if (request.status !== 200) throw new Error(`${REST} could not be loaded: ${request.status}`);
    return new WebAssembly.Module(request.response);
}

const rest = {
    load() {
        if (!restModule && globalThis.document) {
            // The page starts again with both halves; www/hold.js holds back what would get here.
            document.documentElement.startWhole();
            throw new Error("the program's second half is not here yet");
        }
        restModule ??= restNow(); // an engine ends of it where it fails, which the page hears
        new WebAssembly.Instance(restModule, { first: wasm });
    },
};
