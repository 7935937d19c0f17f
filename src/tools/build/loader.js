// Starts a worker. An engine's helper (`worker::helper`) is sent the program that the engine has compiled, as its first message.
import init, { fetchRest } from "./{{stem}}.js";
self.intabBase = new URL(".", import.meta.url).href; // its own address may be a blob's
const helps = self.name === "helper";
const sent = () => new Promise((resolve) => { self.onmessage = ({ data }) => resolve(data); });
const fetched = () => new URL("./{{stem}}_bg.wasm", import.meta.url);
await init({ module_or_path: helps ? sent() : fetched() });
if (!helps) setTimeout(() => fetchRest().catch(() => {}), 4000); // after what is waited for
