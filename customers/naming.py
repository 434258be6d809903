"""What is stored beside a name so that it can be searched and sorted."""

from .models import Kind
from .values import names


def derived_names(name, kind):
    """Columns of Customer derived from the name: core for matching; pinyin for sorting and search; initials for
    search; both again without the leading place name, because nobody types 沈阳 to find 沈阳荣泰.

    A person's name is read with surname pronunciations (单 Shan, not Dan).
    """
    if kind == Kind.INDIVIDUAL:
        pinyin, initials = names.person_pinyin(name), names.person_initials(name)
    else:
        pinyin, initials = names.pinyin(name), names.initials(name)
    short = names.short_core(name)
    return {
        "name_core": names.core(name),
        "name_pinyin": pinyin,
        "initials": initials,
        "core_pinyin": names.pinyin(short),
        "core_initials": names.initials(short),
    }
