"""No file has the network asked for anything, whether it is refused or taken. Source: REC-15 ("Formats")."""

import os
import socket
import subprocess
import sys
from contextlib import suppress
from threading import Thread
from urllib.request import urlopen

import pytest
import xlsxwriter

from customers.importing import child, error_workbook, files, reading
from customers.importing.refusals import Refused
from customers.models import Import

from . import steps, workbooks

pytestmark = [pytest.mark.clause("REC-15")]
HEAD = ["客户名称", "联系电话", "分店", "备注"]
GOOD = ["远山广告有限公司", "13910246835", "东城分店"]
BAD = ["长河商贸有限公司", "", "东城分店"]  # has to be corrected, so what it says gets into the error workbook
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
ROOTS = {"xl/workbook.xml": b"<workbook", "xl/sharedStrings.xml": b"<sst", "xl/worksheets/sheet1.xml": b"<worksheet"}
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Listener:
    """A server at a port of its own that notes whoever connects, and answers nobody."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/secret.xml"
        self.callers = 0
        self._thread = Thread(target=self._listen)
        self._thread.start()

    def _listen(self):
        while True:
            caller, _address = self._socket.accept()
            said = b""
            with caller, suppress(OSError):  # whoever says nothing for long, or is gone already, has called as well
                caller.settimeout(1)
                said = caller.recv(8)
            if said == b"hang up\n":
                return
            self.callers += 1

    def close(self):
        """Returns how many have called. Calls are taken in turn: none that was made before is missed."""
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            last.sendall(b"hang up\n")
            self._thread.join()
        self._socket.close()
        return self.callers


@pytest.fixture
def listener(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    listener = Listener()
    yield listener
    if listener._thread.is_alive():
        listener.close()


# Files that refer to an address in every way they can: each is a function of (folder, address) to its path


def changed(part, before, after):
    """A package one part of which says something else: `after` is a function of the address."""

    def make(folder, url):
        found = []

        def change(name, content):
            if name != part:
                return content
            found.append(name)
            assert before in content
            return content.replace(before, after(url).encode(), 1)

        path = workbooks.with_parts(good(folder), folder / "changed.xlsx", change)
        assert found
        return path

    return make


def added(**parts):
    """A package with more parts, each a function of the address."""

    def make(folder, url):
        more = {name: content(url) for name, content in parts.items()}
        return workbooks.with_parts(good(folder), folder / "added.xlsx", **more)

    return make


def good(folder):
    return workbooks.xlsx(folder / "good.xlsx", [HEAD, GOOD, BAD])


def external(kind, part):
    """An external relationship of this kind, of a sheet or of the workbook."""
    return added(
        **{
            part: lambda url: (
                f'<?xml version="1.0"?><Relationships xmlns="{RELATIONSHIPS}">'
                f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{url}" TargetMode="External"/></Relationships>'
            )
        }
    )


def definitions(of):
    """What stands before the root of a part: a document type of its own."""
    kinds = {
        "entity": lambda url: f'<!DOCTYPE r [<!ENTITY x SYSTEM "{url}">]>',
        "parameter entity": lambda url: f'<!DOCTYPE r [<!ENTITY % x SYSTEM "{url}"> %x;]>',
        "external definitions": lambda url: f'<!DOCTYPE r SYSTEM "{url}">',
        "public definitions": lambda url: f'<!DOCTYPE r PUBLIC "-//X//Y" "{url}">',
    }
    return {f"{name} in {of}": before_root(of, said) for name, said in kinds.items()}


def before_root(of, said):
    root = ROOTS[of]
    return changed(of, root, lambda url: said(url) + root.decode())


def style_sheet(url):
    return f'<?xml-stylesheet type="text/xsl" href="{url}"?>'


def used_entity(folder, url):
    """An entity of the network that a cell is made of."""
    sheet = "xl/sharedStrings.xml"
    path = changed(sheet, GOOD[0].encode(), lambda _url: "&x;")(folder, url)
    return workbooks.with_parts(
        path,
        folder / "used.xlsx",
        lambda name, content: (
            content.replace(b"<sst", f'<!DOCTYPE sst [<!ENTITY x SYSTEM "{url}">]><sst'.encode(), 1)
            if name == sheet
            else content
        ),
    )


def included(folder, url):
    """XInclude in the place of a text."""
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{url}"/>'
    return changed("xl/sharedStrings.xml", GOOD[0].encode(), lambda _url: include)(folder, url)


def schema(folder, url):
    """A place where the schema of a part may be had."""
    said = f'<sst xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {url}"'
    return changed("xl/sharedStrings.xml", b"<sst", lambda _url: said)(folder, url)


def cells(*written):
    """A workbook in whose cells stands what these write: (page, row, column, address)."""

    def make(folder, url):
        book = xlsxwriter.Workbook(folder / "cells.xlsx")
        page = book.add_worksheet()
        for at, line in enumerate((HEAD, GOOD, BAD)):
            page.write_row(at, 0, line)
        for write in written:
            for at in (1, 2):
                write(page, at, 3, url)
        book.close()
        return folder / "cells.xlsx"

    return make


def formula(text):
    return cells(lambda page, row, column, url: page.write_formula(row, column, text.format(url=url), value="旧客户"))


FORMULAS = {
    "HYPERLINK": '=HYPERLINK("{url}","旧客户")',
    "WEBSERVICE": '=_xlfn.WEBSERVICE("{url}")',
    "FILTERXML": '=_xlfn.FILTERXML(_xlfn.WEBSERVICE("{url}"),"//a")',
    "IMAGE": '=_xlfn.IMAGE("{url}")',
    "RTD": '=RTD("{url}",,"a")',
    "DDE": "=cmd|' /C curl {url}'!A0",
    "another workbook": "='{url}/[book.xlsx]Sheet1'!A1",
}


def text(pattern, name="file.csv"):
    """A file of text: `pattern` has {url}, or {port}."""

    def make(folder, url):
        port = url.split(":")[2].split("/")[0]
        (folder / name).write_text(pattern.format(url=url, port=port), encoding="utf-8")
        return folder / name

    return make


def table(cell):
    """A csv in whose cells an address stands."""
    lines = ["\t".join(HEAD), "\t".join([*GOOD, cell]), "\t".join([*BAD, cell])]
    return text("\n".join(lines) + "\n")


def old_links(folder, url):
    """The records of an old workbook that name another one."""
    path = url.encode("latin-1")
    book = (0x1AE, b"\1\0" + len(path).to_bytes(2, "little") + b"\0" + path)
    return workbooks.xls(folder / "linked.xls", [HEAD, GOOD, BAD], records=[book])


def old_cells(folder, url):
    """Hyperlinks of an old workbook, and texts that look like formulas."""
    link = (0x1B8, b"\0" * 8 + url.encode("utf-16-le"))
    return workbooks.xls(folder / "cells.xls", [HEAD, [*GOOD, url], [*BAD, f'=WEBSERVICE("{url}")']], records=[link])


REFUSED = {
    **{name: make for part in ROOTS for name, make in definitions(part).items()},
    "entity in a cell": used_entity,
    "link to a workbook": added(**{
        "xl/externalLinks/externalLink1.xml": lambda url: f'<externalLink xmlns:r="{OFFICE}"/><!-- {url} -->',
        "xl/externalLinks/_rels/externalLink1.xml.rels": lambda url: (
            f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath" '
            f'Target="{url}" TargetMode="External"/></Relationships>'
        ),
    }),
    "query of the web": added(**{
        "xl/connections.xml": lambda url: (
            '<connections xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><connection id="1" '
            f'name="a" type="4" refreshOnLoad="1"><webPr url="{url}" sourceData="1"/></connection></connections>'
        )
    }),
    **{
        f"external {kind}": external(kind, "xl/worksheets/_rels/sheet1.xml.rels")
        for kind in ("image", "drawing", "oleObject", "frame", "vmlDrawing", "pivotCacheDefinition")
    },
    "external picture of a drawing": external("image", "xl/drawings/_rels/drawing1.xml.rels"),
    "external template": external("attachedTemplate", "xl/_rels/settings.xml.rels"),
    "external links of an old workbook": old_links,
    "web page with a picture": text(
        '<html><head><link rel="stylesheet" href="{url}"></head><body><img src="{url}"><table><tr><td>客户名称</td>'
        "</tr></table></body></html>",
        "file.xls",
    ),
    "web page with a frame": text('<!DOCTYPE html>\n<base href="{url}"><iframe src="{url}"></iframe>', "file.xls"),
    "web archive": text("MIME-Version: 1.0\nContent-Location: {url}\n\n<img src={url}>", "file.xls"),
    "XML of a spreadsheet": text(
        '<?xml version="1.0"?><!DOCTYPE Workbook [<!ENTITY x SYSTEM "{url}">]>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">&x;</Workbook>',
        "file.xls",
    ),
    "query file": text("WEB\n1\n{url}\n\0", "file.iqy"),
}  # fmt: skip
TAKEN = {
    **{f"style sheet of {part}": before_root(part, style_sheet) for part in ROOTS},
    "XInclude": included,
    "schema": schema,
    "link of a cell": cells(lambda page, row, column, url: page.write_url(row, column, url)),
    "text of a cell": cells(lambda page, row, column, url: page.write_string(row, column, url)),
    **{f"formula {name}": formula(said) for name, said in FORMULAS.items()},
    "addresses in an old workbook": old_cells,
    **{f"csv with {name}": table(said) for name, said in FORMULAS.items()},
    "csv with an address": table("{url}"),
    "csv with a share": table(r"\\127.0.0.1@{port}\share\a.xlsx"),
    "csv with a file": table("file://127.0.0.1:{port}/share/a.xlsx"),
    "csv with a picture": table('<img src="{url}">'),
    "csv with an entity": table("<!DOCTYPE a SYSTEM '{url}'>"),
}


def read_anyway(path):
    """What the reading process does with a file that is not refused at the door, as each kind of file."""
    for kind in ("xlsx", "xls", "csv"):
        with suppress(Refused):
            list(reading.read(files.Source(path, kind, encoding="utf-8", delimiter="\t")))


@pytest.mark.django_db
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_refused_asks_nobody(by, tmp_path, listener, name):
    path = REFUSED[name](tmp_path, listener.url)
    with pytest.raises(Refused):
        steps.begin(path, by)
    assert not Import.objects.exists()
    read_anyway(path)
    assert listener.close() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("name", TAKEN)
def test_a_file_that_is_taken_asks_nobody(world, by, tmp_path, listener, name):
    job = steps.checked(TAKEN[name](tmp_path, listener.url), by)
    assert sum(job.counts["rejected"].values()) + job.counts["new"] == 2, job.counts
    steps.commit(job, by)
    with suppress(Refused):
        steps.begin(error_workbook.of(job), by, corrects=job)
    assert listener.close() == 0


# That the listener would have noticed


def test_the_listener_notices_whoever_connects(listener):
    with pytest.raises(OSError):  # noqa: PT011 - it answers nobody
        urlopen(listener.url, timeout=10)  # noqa: S310 - our own
    caller = f"import socket; socket.create_connection(('127.0.0.1', {listener.port})).close()"
    subprocess.run([sys.executable, "-I", "-c", caller], check=True)
    assert listener.close() == 2


ASKING = """
import os, socket, sys
sys.path.append(os.path.dirname({child!r}))
import child
if {free}:
    child.refuse_network = lambda *_event: None
def asking(*_of_file):
    socket.create_connection(("127.0.0.1", {port})).close()
    yield ("sheet", "", False, [])
child.delimited = asking
child.main("file.csv", "csv", "utf-8", ",", {memory}, 10, os.getppid())
"""


@pytest.mark.parametrize("free", [False, True])
def test_the_reading_process_has_no_sockets(listener, free):
    script = ASKING.format(child=child.__file__, free=free, port=listener.port, memory=reading.MEMORY)
    environment = {name: value for name, value in os.environ.items() if name in reading._ENVIRONMENT}
    ended = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, env=environment)
    assert (ended.returncode == 0) == free
    assert (b"PermissionError: socket." in ended.stderr) != free
    assert listener.close() == free
