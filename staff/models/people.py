from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..history import tracked
from ..scope import holds, rows_for, rows_of
from ..verbs import GRANTS, Verb


class PersonQuerySet(models.QuerySet):
    def enabled(self):
        return self.filter(disabled_at__isnull=True)

    def matching(self, text):
        """Whose name or staff number contains the text."""
        return self.filter(Q(name__icontains=text) | Q(staff_number__icontains=text))

    def holding(self, positions):
        """Who holds one of the positions, which are a queryset."""
        return self.filter(Exists(positions.filter(person=OuterRef("pk"))))

    def without(self, positions):
        return self.exclude(Exists(positions.filter(person=OuterRef("pk"))))


PHONE = RegexValidator(r"^\+?[0-9][0-9 ()-]{4,18}$", _("Write the phone number in digits, like 138 0013 8000."))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    def create_user(self, staff_number, *, name, password=None, **fields):
        """A person who can sign in with the password, or, without one, by a one-time link only."""
        person = self.model(staff_number=staff_number, name=name, **fields)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, staff_number):
        # Clerks type "k001" for "K001"; a staff number never differs by case alone.
        return self.get(staff_number__iexact=staff_number)


LINK_ISSUED = "one_time_link"  # in history: who could have signed in as somebody else, and since when


@tracked(LINK_ISSUED, exclude=["password", "last_login"])
class Person(AbstractBaseUser):
    """Somebody who works for the company and signs in with a staff number 工号. Source: SEC-01, SEC-02."""

    staff_number = models.CharField(
        _("staff number"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[A-Za-z0-9-]+$", _("A staff number has letters, digits and hyphens only."))],
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=50)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, validators=[PHONE])
    disabled_at = models.DateTimeField(_("disabled at"), null=True, blank=True)

    objects = PersonManager()
    USERNAME_FIELD = "staff_number"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Upper("staff_number"), name="staff_number_any_case")]
        ordering = ["staff_number"]

    def __str__(self):
        return self.name

    @property
    def is_active(self):
        """A disabled person is signed out at the next request: every back end asks this first."""
        return self.disabled_at is None

    @cached_property
    def current_positions(self):
        """Positions held today (Asia/Shanghai). Read once a request; people are loaded anew for each."""
        if not self.is_active:
            return []
        held = self.positions.current(timezone.localdate())
        return list(held.select_related("branch", "department", "area"))

    def can(self, verb: Verb) -> bool:
        """Whether some current position grants the verb on some row."""
        return any(verb in GRANTS[position.code] for position in self.current_positions)

    def can_on(self, verb: Verb, row) -> bool:
        """Whether one current position grants the verb on exactly this row of a scoped model."""
        rows = type(row).objects.all()
        if any(holds(rows_of(position, verb, rows.scope), row) for position in self.positions_granting(verb)):
            return True
        return rows.opens(self, verb, row)

    def rows(self, verb: Verb, fields):
        return rows_for(self, verb, fields)

    def positions_granting(self, verb: Verb):
        return [position for position in self.current_positions if verb in GRANTS[position.code]]
