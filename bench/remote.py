"""W1 on a machine that has a graphics adapter and Python, but neither node nor a network: Chromium is driven over a pipe, with
what Python brings along. python3 bench/remote.py SITE PEERS CHROMIUM [--software] JOB…; a job is cpu1, cpu2… (cores), webgpu
or tfjs-webgpu, with :BATCH after it if it is not 64. Prints a line of JSON for each, the adapter's name in it."""
import functools, gzip, http.server, json, os, shutil, struct, subprocess, sys, tempfile, threading, time

QUIET = ["--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--window-size=1280,800", "--enable-unsafe-webgpu"]
SOFTWARE = ["--use-webgpu-adapter=swiftshader", "--enable-unsafe-swiftshader"]
VULKAN = ["--enable-features=Vulkan,VulkanFromANGLE,DefaultANGLEVulkan", "--use-vulkan=native", "--use-angle=vulkan",
          "--ignore-gpu-blocklist", "--disable-gpu-sandbox"]
ADAPTER = """navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' })
  .then((a) => a && [a.info.vendor, a.info.architecture, a.info.description].filter(Boolean).join(' ')) ?? 'no WebGPU'"""


def mnist(site, name):
    """All of a split, unpacked, as harness.mjs does it."""
    split, what = name.split("-")
    folder = f"{site}/datasets/mnist/v1"
    with open(f"{folder}/manifest.json") as file:
        shards = [shard["file"] for shard in json.load(file)[split]]
    parts = []
    for shard in shards:
        with gzip.open(f"{folder}/{shard}") as file:
            data = file.read()
        count = struct.unpack_from("<I", data, 16)[0]
        parts.append(data[24:24 + count] if what == "labels" else data[24 + count:])
    return b"".join(parts)


class Files(http.server.SimpleHTTPRequestHandler):
    """Our site at the root, the peers beside it."""
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".js": "text/javascript", ".wasm": "application/wasm"}

    def __init__(self, site, peers, *rest):
        self.site, self.peers = site, peers
        super().__init__(*rest)

    def log_message(self, *_):
        pass

    def translate_path(self, path):
        path = path.split("?")[0]
        for start, folder in [("/peers/", f"{self.peers}/"), ("/packages/", f"{self.peers}/node_modules/")]:
            if path.startswith(start):
                return folder + path.removeprefix(start)
        return self.site + (path if path != "/" else "/index.html")

    def do_GET(self):
        if not self.path.startswith("/data/"):
            return super().do_GET()
        data = mnist(self.site, self.path.removeprefix("/data/mnist-"))
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class Page:
    """A browser of its own with one page."""

    def __init__(self, program, flags, address):
        self.profile = tempfile.mkdtemp()
        (told, tells), (hears, heard) = os.pipe(), os.pipe()

        def places():  # Chromium hears at 3 and tells at 4.
            os.dup2(os.dup2(told, 100), 3), os.dup2(os.dup2(heard, 101), 4)

        arguments = [program, *QUIET, *flags, "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "about:blank"]
        self.process = subprocess.Popen(arguments, preexec_fn=places, close_fds=False)
        os.close(told), os.close(heard)
        self.tells, self.hears, self.asked, self.rest, self.session = tells, hears, 0, b"", None
        target = self.call("Target.createTarget", url=address)["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def call(self, method, **params):
        self.asked += 1
        question = {"id": self.asked, "method": method, "params": params}
        if self.session:
            question["sessionId"] = self.session
        os.write(self.tells, json.dumps(question).encode() + b"\0")
        while True:
            while b"\0" not in self.rest:
                part = os.read(self.hears, 1 << 16)
                if not part:
                    sys.exit("Chromium is gone")
                self.rest += part
            message, self.rest = self.rest.split(b"\0", 1)
            answer = json.loads(message)
            if answer.get("id") == self.asked:
                return answer["result"]

    def value(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def main():
    words = [word for word in sys.argv[1:] if word != "--software"]
    if len(words) < 4:
        sys.exit(__doc__)
    site, peers, program, *jobs = words
    flags = SOFTWARE if "--software" in sys.argv else VULKAN
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, site, peers))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for job in jobs:
        name, _, batch = job.partition(":")
        where = "peers/page.html" if name.startswith("tfjs") else f"?bench=1#preset=mnist&engine={'gpu' if name == 'webgpu' else 'cpu'}"
        params = {"B": int(batch or 64), "warmup": 5, "blocks": 10, "budgetS": 8, "syncEvery": 20, "seed": 7, "lr": 1e-3, "peer": name,
                  "backend": "webgpu" if name == "webgpu" else "cpu", "cores": int(name[3:]) if name.startswith("cpu") else 1}
        page = Page(program, flags, f"http://127.0.0.1:{server.server_address[1]}/{where}")
        while not page.value("Boolean(window.__bench)"):
            time.sleep(0.1)
        print(json.dumps({"job": job, "adapter": page.value(ADAPTER), **page.value(f"window.__bench('W1', {json.dumps(params)})")}), flush=True)
        page.close()


main()
