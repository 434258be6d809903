"""The columns that a customer or a lead has in a spreadsheet, and how the cells of each are read. Source: REC-15.

A resource of django-import-export: its fields say which columns there are, their widgets read the cells. What headings
mean them is told in vocabulary.toml; rows are judged, matched and loaded by whole chunks, not by the library.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from import_export import resources

from . import widgets
from .widgets import Column


class CustomerResource(resources.Resource):
    name = Column(_("customer name"), widgets.Line(), attribute="name", longest=120)
    contact = Column(_("contact"), widgets.Contact(), longest=50)
    given_name = Column(_("given name of the contact"), widgets.PartOfName())
    family_name = Column(_("family name of the contact"), widgets.PartOfName())
    title = Column(_("job title"), widgets.Text(), longest=50)
    phone = Column(_("phone"), widgets.Phones(), repeatable=True)
    email = Column(_("e-mail"), widgets.Emails(), repeatable=True)
    credit_code = Column(_("unified social credit code"), widgets.CreditCode(), attribute="credit_code")
    country = Column(_("country or region"), widgets.Text(), attribute="country")
    province = Column(_("province"), widgets.Text())
    city = Column(_("city"), widgets.Text())
    district = Column(_("district"), widgets.Text(), attribute="district")
    area = Column(pgettext_lazy("place", "area"), widgets.Text())  # province, city and district in one
    address = Column(_("address"), widgets.Address(), attribute="address", longest=200)
    kind = Column(_("kind"), widgets.Word(), attribute="kind")
    industry = Column(_("industry"), widgets.Word(), attribute="industry")
    size = Column(_("size"), widgets.Word(), attribute="size")
    business_type = Column(_("type of business"), widgets.Word(), attribute="business_type")
    branch = Column(_("unit"), widgets.Word(), attribute="branch")
    source = Column(_("source"), widgets.Word(), attribute="source")
    tier = Column(_("tier"), widgets.Word(), attribute="tier")
    owner = Column(_("person in charge"), widgets.Text(), attribute="owner")
    author = Column(_("entered by"), widgets.Text(), attribute="created_by")
    created_on = Column(_("entered on"), widgets.DayForSure(), attribute="created_at")
    needs = Column(_("needs"), widgets.Lines(), longest=500, repeatable=True)
    preferences = Column(
        _("behaviour and preferences"), widgets.Lines(), attribute="preferences", longest=2000, repeatable=True
    )
    remarks = Column(_("remarks"), widgets.Lines(), attribute="remarks", longest=2000, repeatable=True)
    number = Column(_("running number"), widgets.Lines())  # kept beside the record, as columns that mean nothing here

    # Of a second and a third contact beside the first.
    contact2 = Column(_("second contact"), widgets.Contact(), longest=50, further=(2, "contact"))
    title2 = Column(_("job title of the second contact"), widgets.Text(), longest=50, further=(2, "title"))
    phone2 = Column(_("phone of the second contact"), widgets.Phones(), repeatable=True, further=(2, "phone"))
    email2 = Column(_("e-mail of the second contact"), widgets.Emails(), repeatable=True, further=(2, "email"))
    contact3 = Column(_("third contact"), widgets.Contact(), longest=50, further=(3, "contact"))
    title3 = Column(_("job title of the third contact"), widgets.Text(), longest=50, further=(3, "title"))
    phone3 = Column(_("phone of the third contact"), widgets.Phones(), repeatable=True, further=(3, "phone"))
    email3 = Column(_("e-mail of the third contact"), widgets.Emails(), repeatable=True, further=(3, "email"))


COLUMNS = CustomerResource.fields
