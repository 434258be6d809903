from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journal.models import GroupRobot
from journal.senders import http, robots
from staff.forms.records import RecordForm


class RobotForm(RecordForm):
    """A group robot. Address and secret are keys: they are typed in, kept where left empty, and never shown again."""

    webhook = forms.CharField(
        label=_("Robot address"), max_length=400, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Signing secret"), max_length=200, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("DingTalk and Feishu: from the robot's security settings, “sign”. WeCom has none."),
    )  # fmt: skip

    class Meta:
        model = GroupRobot
        fields = ["name", "kind", "webhook", "secret", "branch", "department", "active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.known = bool(self.instance.pk)
        self.kept = {"webhook": self.instance.webhook, "secret": self.instance.secret}
        self.fields["webhook"].help_text = (
            _("Kept as it is when left empty. It is never shown again.")
            if self.known
            else _("Copy it from the group's settings. It is never shown again.")
        )

    def clean_webhook(self):
        address = self.cleaned_data["webhook"].strip()
        if not address:
            if self.known:
                return self.kept["webhook"]
            raise ValidationError(self.fields["name"].error_messages["required"], code="required")
        try:
            http.check(address, robots.hosts())
        except http.NotAllowed as error:
            known = ", ".join(sorted(robots.hosts()))
            message = _("This is not the address of a robot. It begins with one of: %(hosts)s")
            raise ValidationError(message % {"hosts": known}, code="host") from error
        return address

    def clean_secret(self):
        return self.cleaned_data["secret"].strip() or self.kept["secret"]

    def clean(self):
        if bool(self.cleaned_data.get("branch")) == bool(self.cleaned_data.get("department")):
            raise ValidationError(_("Choose either the unit or the department whose group this is."))
        return self.cleaned_data

    def robot(self):
        """Arguments of robots.save."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
