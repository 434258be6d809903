"""Pieces of pages that stay the same from page to page, kept in the memory of the process."""

from django import template
from django.utils.html import escape
from django.utils.translation import get_language

register = template.Library()
MOST = 2_000  # pieces; then all are made anew
TOKEN, PLACE = "\ue001token\ue001", "\ue001place\ue001"  # stand in kept pieces for what is another on each page
_pieces = {}


class _Anywhere:
    """A request of which only what the frame's key names may be asked, and the address comes later."""

    def __init__(self, request):
        self.user, self.COOKIES = request.user, request.COOKIES

    def get_full_path(self):
        return PLACE


class KeptNode(template.Node):
    def __init__(self, nodelist, values):
        self.nodelist, self.values = nodelist, values

    def render(self, context):
        if self.values:
            depends_on = (get_language(), *(value.resolve(context) for value in self.values))
        else:
            depends_on = context.get("frame_key")
        if depends_on is None:
            return self.nodelist.render(context)
        key = (id(self), depends_on)
        if (found := _pieces.get(key)) is None:
            with context.push(csrf_token=TOKEN, request=_Anywhere(context["request"])):
                piece = self.nodelist.render(context)
            if len(_pieces) >= MOST:
                _pieces.clear()
            found = _pieces[key] = (piece, self)  # as long as the node lives, its id is no other's
        return found[0].replace(TOKEN, str(context["csrf_token"])).replace(
            PLACE, escape(context["request"].get_full_path())
        )  # fmt: skip


@register.tag
def kept(parser, token):
    """`{% kept %}...{% endkept %}`: rendered once for each `frame_key`, which `crm_site.context.frame` makes.

    Inside stands nothing that the key does not name, but `csrf_token` and `request.get_full_path` may. A piece that is
    the same for everybody names what it depends on besides the language: `{% kept columns may_assign %}`, or
    `{% kept LANGUAGE_CODE %}`. Such values are hashable.
    """
    _tag, *values = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, [parser.compile_filter(value) for value in values])
