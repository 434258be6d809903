"""Text files whose encoding nothing tells but their bytes."""

import gzip
from pathlib import Path

import pytest
from opencc import OpenCC

from customers.importing import files, reading

pytestmark = [pytest.mark.clause("REC-15")]
REAL_NAMES = Path(__file__).resolve().parents[2] / "data" / "company_short_names.txt.gz"


def written(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_bytes(tmp_path, encoding):
    for text in (
        "客户名称\n一一一\n",
        "客户名称,电话\n" + "远山广告有限公司,13910246835\n" * 500,
        "Name,Phone\nFar Hill,1\n",
    ):
        path = written(tmp_path, text.encode(encoding))
        assert files.examine(path).encoding == encoding
        assert files.examine(path, encoding="utf-16").encoding == encoding
        [batch, *_more] = reading.read(files.examine(path))
        assert batch.rows[0][0] in text[:4]


def test_big5_is_told_from_gb18030(tmp_path):
    names = gzip.decompress(REAL_NAMES.read_bytes()).decode().split()
    traditional = OpenCC("s2tw")
    for at in range(0, len(names), 300):
        text = "客户名称,联系人\n" + "".join(f"{name}有限公司,王芳\n" for name in names[at : at + 5])
        for line in (text, traditional.convert(text)):
            assert files.examine(written(tmp_path, line.encode("gb18030"))).encoding == "gb18030", line
        path = written(tmp_path, traditional.convert(text).encode("cp950", "ignore"))
        assert files.examine(path).encoding == "cp950", text
    [batch, *_more] = reading.read(files.examine(path))
    assert batch.rows[0] == ["客戶名稱", "聯繫人"]


def test_big5_that_is_too_short_to_be_told_is_chosen_by_hand(tmp_path):
    path = written(tmp_path, "客戶,電話\n遠山,1\n".encode("cp950"))
    assert files.examine(path).encoding == "gb18030"
    [batch, *_more] = reading.read(files.examine(path, encoding="cp950"))
    assert batch.rows[0] == ["客戶", "電話"]
