"""The header of a table: which row it is, and the headings of one that has two lines. Source: REC-15."""

from customers.values.text import clean

from . import headings as words
from .cells import filled_in, has_digits, is_number_of_data

FEWEST_KNOWN = 2
_SAME_HEADER = 0.8  # of the cells


def find_header(rows, known=words.CUSTOMERS):
    """The index of the row that has most of the headings known here; None where no row has a name and one more.

    Where a header with fewer of them has data below it, the better one begins a table of its own."""
    scores = [score_of(cells, known) for cells in rows]
    if max(scores, default=0) < FEWEST_KNOWN:  # two columns may be known of a hundred
        scores = [score_of(cells, known, share=0) for cells in rows]
    best = max(scores, default=0)
    if best < FEWEST_KNOWN:
        return _lone_header(rows, known)
    at = scores.index(best)
    first = next(place for place, score in enumerate(scores) if score >= FEWEST_KNOWN)
    between = zip(rows[first + 1 : at], scores[first + 1 : at], strict=True)
    has_data = any(not score and len(filled_in(cells)) > 1 and has_digits(cells) for cells, score in between)
    return first if has_data else at


def is_form(upper, lower, known):
    """Whether headings and values stand side by side, of one customer: 客户名称 | 远山 | 联系人 | 李娜."""
    told = [{at: known.fields_of(cell) for at, cell in filled_in(cells)} for cells in (upper, lower)]
    headings = [{at for at, fields in line.items() if fields} for line in told]
    both = headings[0] & headings[1]
    has_values = all(len(line) > len(its) for line, its in zip(told, headings, strict=True))
    return len(both) >= FEWEST_KNOWN and has_values and all(told[0][at] != told[1][at] for at in both)


def _lone_header(rows, known):
    """The header of a sheet that has one column, of names, and nothing else."""
    filled = [(at, filled_in(cells)) for at, cells in enumerate(rows) if filled_in(cells)]
    if len(filled) < 2 or len({tuple(place for place, _cell in cells) for _at, cells in filled}) > 1:
        return None
    at, [(_place, cell), *others] = filled[0]
    is_name = type(cell) is str and len(words.plain(cell)) > 2 and known.fields_of(cell) == ("name",)
    return at if is_name and not others else None


def score_of(cells, known, share=1 / 3):
    """How many different fields the cells of a row mean; 0 for a row that can be no header, as where they are a smaller
    share of the cells. Without a share, cells with numbers or addresses tell a row of data."""
    filled = filled_in(cells)
    texts = [cell for _at, cell in filled if type(cell) is str and len(cell) <= words.LONGEST_HEADING]
    if len(texts) < FEWEST_KNOWN or len(texts) < 0.8 * len(filled):
        return 0
    # 单位：| 朝阳店 | 日期：| ... is a line of a form, not a header.
    labels = sum(clean(text).endswith((":", "：")) for text in texts)
    fields = {name for name in known.guess(texts) if name} - {"number"}
    if fields.isdisjoint(known.anchors) or len(fields) <= labels:
        return 0
    if not share and any(map(is_number_of_data, texts)):
        return 0
    return len(fields) - labels if len(fields) >= len(texts) * share else 0


def is_same_header(filled, header):
    same = sum(at < len(header) and words.plain(cell) == header[at] for at, cell in filled if type(cell) is str)
    return same >= _SAME_HEADER * len(filled)


def whole_header(rows, at, known):
    """(first row, last row, headings) of a header at this index, which may have two lines."""
    headings = [clean(cell) for cell in rows[at]]
    first = last = at
    below = rows[at + 1] if at + 1 < len(rows) else []
    if _is_second_line(below, headings, known):
        last = at + 1
        headings = _joined(headings, [clean(cell) for cell in below], known)
    elif at and "" in headings:
        above = rows[at - 1]
        given = [(place, cell) for place, cell in filled_in(above) if place < len(headings) and not headings[place]]
        if given and len(filled_in(above)) > 1 and all(known.fields_of(cell) for _place, cell in given):
            first = at - 1
            for place, cell in given:
                headings[place] = clean(cell)
    return first, last, ending(headings)


def ending(headings):
    """Without the empty ones behind the last."""
    while headings and not headings[-1]:
        headings.pop()
    return headings


def _is_second_line(cells, headings, known):
    """Words of headings below: in gaps of the first line, or dividing one of it (联系方式 over 手机 and 座机)."""
    filled = filled_in(cells)
    if not filled or any(type(cell) is not str or not known.fields_of(cell) for _at, cell in filled):
        return False
    free = [at for at, _cell in filled if at >= len(headings) or not headings[at]]
    same = sum(at < len(headings) and words.plain(cell) == words.plain(headings[at]) for at, cell in filled)
    return bool(free) and not same


def _joined(upper, lower, known):
    """One heading for each column. Where one comes again below, as 姓名 of two contacts, the group tells them apart."""
    size = max(len(upper), len(lower))
    upper, lower = upper + [""] * (size - len(upper)), lower + [""] * (size - len(lower))
    headings, group = [], ""
    for at, (above, below) in enumerate(zip(upper, lower, strict=True)):
        group = above or group
        whole = f"{group}{below}"
        is_again = below and below in lower[:at]
        is_first = below and below in lower[at + 1 :] and known.fields_of(whole)
        headings.append(whole if is_again or is_first else below or above)
    return headings
