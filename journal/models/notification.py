"""Who is told what, by which way. Source: GEN-02."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from staff.history import tracked

from .. import kinds
from .outgoing import Outgoing


class NotificationQuerySet(models.QuerySet):
    def of(self, person, at):
        """What a person sees in the bell at a moment."""
        return self.filter(person=person, visible_at__lte=at)

    def unread(self):
        return self.filter(read_at__isnull=True)


class Notification(models.Model):
    """One person is told one thing: a row of the outbox, written in the transaction of the event itself.

    The text is made when it is shown, from `kind` and `params`, in the reader's language. `visible_at`: in the bell
    from then on; `push_at`: other channels not before then; `pushed`: those have been decided on.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notifications")
    kind = models.CharField(max_length=60)
    params = models.JSONField(default=dict, blank=True, db_default={})
    subject_type = models.CharField(max_length=60, blank=True, db_default="")
    subject_id = models.BigIntegerField(null=True, blank=True)
    branch = models.ForeignKey("staff.Branch", models.PROTECT, null=True, blank=True, related_name="+")
    url_name = models.CharField(max_length=80, blank=True, db_default="")
    created_at = models.DateTimeField(_("at"))
    visible_at = models.DateTimeField()
    push_at = models.DateTimeField()
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    pushed = models.BooleanField(default=False, db_default=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-visible_at", "-id"], name="notification_list"),
            models.Index(F("person"), F("visible_at"), condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(F("push_at"), F("id"), condition=Q(pushed=False), name="notification_to_push"),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self):
        return kinds.text(self.kind, self.params)

    @property
    def important(self):
        return kinds.get(self.kind).important


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    ROBOT = "robot", _("group robot")


class Delivery(Outgoing):
    """One notification through one channel. `once` says what must not happen twice: one e-mail per notification, one
    post per robot and event, however many people the event told."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    robot = models.ForeignKey("journal.GroupRobot", models.PROTECT, null=True, blank=True, related_name="deliveries")
    once = models.CharField(max_length=100, unique=True)
    created_at = models.DateTimeField()

    NEEDED = ("notification__person__push_settings", "robot")  # read together with a row that is to be sent
    SHOWN = ("notification__person", "robot", "decided_by")

    class Meta(Outgoing.Meta):
        constraints = [
            *Outgoing.Meta.constraints,
            models.CheckConstraint(
                condition=Q(channel="robot", robot__isnull=False) | Q(channel="email", robot__isnull=True),
                name="delivery_robot_has_its_robot",
            ),
        ]

    def __str__(self):
        return f"{self.channel} {self.notification_id}"


class PushSettings(models.Model):
    """How a person wants to be told outside of Keke. Without a row: Chinese, no quiet hours.

    Quiet hours may pass midnight; what falls into them is pushed at their end. Important kinds come through, unless the
    person holds those back too.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_settings")
    language = models.CharField(
        _("language of e-mails"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    hold_important = models.BooleanField(_("hold back important ones too"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until")),
                name="quiet_hours_whole",
            )
        ]

    def __str__(self):
        return f"{self.quiet_from}-{self.quiet_until}"


class ChannelPreference(models.Model):
    """What a person gets by e-mail of one group of kinds. Without a row: what is important."""

    class Email(models.TextChoices):
        ALL = "all", _("everything")
        IMPORTANT = "important", _("only what is important")
        NOTHING = "nothing", _("nothing")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="channel_preferences")
    group = models.CharField(max_length=20, choices=kinds.Group.choices)
    email = models.CharField(max_length=20, choices=Email.choices, default=Email.IMPORTANT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="preference_once_per_group")]

    def __str__(self):
        return f"{self.group}: {self.email}"


@tracked(exclude=["webhook", "secret"])
class GroupRobot(models.Model):
    """A robot in a staff group of a unit or department. Its address is a key to the group: it is written, never shown.

    Posts hold no more of a customer than the name and a link.
    """

    class Kind(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    kind = models.CharField(_("program"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name of the group"), max_length=60)
    webhook = models.CharField(_("robot address"), max_length=400)
    secret = models.CharField(_("signing secret"), max_length=200, blank=True)
    branch = models.ForeignKey(
        "staff.Branch", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    department = models.ForeignKey(
        "staff.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("group robot")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(branch__isnull=True) ^ Q(department__isnull=True), name="robot_of_unit_or_department"
            ),
            models.UniqueConstraint(fields=["webhook"], name="robot_once"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if (self.branch_id is None) == (self.department_id is None):
            raise ValidationError(_("Choose the unit or the department whose group this is."))
