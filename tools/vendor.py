"""Copy the front-end files that pages load from node_modules to static/vendor/<name>/<version>/.

For maintainers: `npm install`, then `python3 tools/vendor.py`. Users need neither Node nor this script: the copies are
committed, each folder with its licence and SHA256SUMS. `--check` only compares the committed copies with their sums.
"""

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

# Tabler's package carries no licence file; its text is this one (stated in its package.json and CSS header).
MIT = """The MIT License (MIT)

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

# Icons stand only where they save a word; the sprite holds these and nothing else.
ICONS = """
address-book adjustments alert-triangle archive arrow-left arrow-right bell book-2 building-store calendar chart-bar
check chevron-down chevron-left chevron-right circle-check clipboard-check clipboard-list clock copy device-desktop
dots download eye eye-off file-text filter flag help history home id-badge-2 info-circle key language
layout-sidebar-left-collapse layout-sidebar-left-expand list-check lock logout mail map-pin menu-2 message moon
paperclip pencil phone pin pinned plus printer refresh search section-sign settings shield-check sitemap speakerphone
star sun trash upload user user-plus users x
"""
# The rail's words for them: destination = icon.
NAMES = {
    "today": "home",
    "customers": "users",
    "register": "user-plus",
    "people": "id-badge-2",
    "branches": "building-store",
    "codes": "list-check",
}

SOURCE_MAP = re.compile(r"\n?(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


def package(name):
    """The folder and the version of an installed npm package."""
    folder = MODULES / name
    return folder, json.loads((folder / "package.json").read_text())["version"]


def place(name, version, files):
    """Write {file name: text} to static/vendor/<name>/<version>/ with checksums; other versions are removed."""
    shutil.rmtree(VENDOR / name, ignore_errors=True)
    folder = VENDOR / name / version
    folder.mkdir(parents=True)
    sums = []
    for file_name, text in sorted(files.items()):
        (folder / file_name).write_text(text)
        sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {file_name}\n")
    (folder / "SHA256SUMS").write_text("".join(sums))
    sys.stdout.write(f"{folder.relative_to(ROOT)}: {', '.join(sorted(files))}\n")


def without_source_map(path):
    """The text without its pointer to a source map: the static files' manifest would look for the map and fail."""
    return SOURCE_MAP.sub("\n", path.read_text())


def sprite(folder):
    """One SVG with a <symbol> for each icon; colour, stroke and size come from the page's CSS."""
    symbols = []
    for name, icon in [*((icon, icon) for icon in ICONS.split()), *NAMES.items()]:
        svg = (folder / "icons" / "outline" / f"{icon}.svg").read_text()
        shapes = [line.strip() for line in svg.splitlines() if re.match(r"\s*<(path|circle|rect|line|poly)", line)]
        drawn = "".join(shape for shape in shapes if 'stroke="none"' not in shape)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawn}</symbol>\n')
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'


def copy():
    """Vendor everything the pages load."""
    folder, version = package("@tabler/core")
    css = without_source_map(folder / "dist" / "css" / "tabler.min.css")
    copyright_lines = "\n".join(re.findall(r"Copyright .*", css[:1000]))
    bootstrap = (MODULES / "bootstrap" / "LICENSE").read_text()
    licence = f"{MIT.format(copyright=copyright_lines)}\nContains Bootstrap:\n\n{bootstrap}"
    place("tabler", version, {"tabler.min.css": css, "LICENSE": licence})

    folder, version = package("htmx.org")
    script = without_source_map(folder / "dist" / "htmx.min.js")
    place("htmx", version, {"htmx.min.js": script, "LICENSE": (folder / "LICENSE").read_text()})

    folder, version = package("@tabler/icons")
    place("tabler-icons", version, {"icons.svg": sprite(folder), "LICENSE": (folder / "LICENSE").read_text()})


def check():
    """Compare the committed copies with their sums; the names of those that differ or are missing."""
    wrong = []
    for sums in sorted(VENDOR.glob("*/*/SHA256SUMS")):
        for line in sums.read_text().splitlines():
            digest, name = line.split("  ", 1)
            file = sums.parent / name
            if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                wrong.append(str(file.relative_to(ROOT)))
    return wrong


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        differing = check()
        sys.exit(f"Differ from their sums: {', '.join(differing)}" if differing else 0)
    if not MODULES.exists():
        sys.exit("No node_modules here: run `npm install` first.")
    copy()
