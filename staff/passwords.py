"""What a new password has to be: at least 8 characters and not guessable. Nothing else is asked of it, and it never
expires. Each rule says how to mend it. Source: SEC-02, reliability.md 2 (ASVS 5.0, 6.2).
"""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pypinyin import lazy_pinyin

from .models import Company

OWN_WORDS = ("keke", "恪客")
LETTERS_LEFT = 4  # so many letters beside a known word make a password again
SHORTEST_WORD = 3


class LongEnough(password_validation.MinimumLengthValidator):
    """Counted in characters; there is no upper limit."""

    def validate(self, password, user=None):
        missing = self.min_length - len(password)
        if missing > 0:
            sentence = ngettext(
                "%(missing)d character too short: at least %(length)d.",
                "%(missing)d characters too short: at least %(length)d.",
                missing,
            )
            raise ValidationError(sentence % {"missing": missing, "length": self.min_length}, code="too_short")

    def get_help_text(self):
        return _("At least %(length)d characters. A sentence that only you know is best; spaces are allowed.") % {
            "length": self.min_length
        }


class NotCommon(password_validation.CommonPasswordValidator):
    """None of the 20,000 passwords that are tried first; the list comes with Django."""

    def validate(self, password, user=None):
        if password.lower().strip() in self.passwords:
            sentence = _("This password is among those that are tried first. Choose words that nobody else would.")
            raise ValidationError(sentence, code="too_common")

    def get_help_text(self):
        return ""


class NotOfTheCompany:
    """More than a word that every colleague knows - company, person, staff number - with a year behind it."""

    def validate(self, password, user=None):
        rest = password.casefold()
        found = False
        for word in known_words(user):
            found = found or word in rest
            rest = rest.replace(word, " ")
        if found and sum(character.isalpha() for character in rest) < LETTERS_LEFT:
            sentence = _("The name of the company or your own name or number is not enough. Add words of your own.")
            raise ValidationError(sentence, code="company_word")

    def get_help_text(self):
        return ""


def known_words(person=None):
    """Names and numbers in small letters, Chinese ones also in pinyin; the longest first."""
    words = [*OWN_WORDS, *Company.objects.values_list("name", flat=True)]
    if person is not None:
        words += [person.staff_number, person.name, person.phone, person.email.partition("@")[0]]
    words += ["".join(lazy_pinyin(word)) for word in words if not word.isascii()]
    found = {"".join(word.casefold().split()) for word in words}
    return sorted((w for w in found if len(w) >= (2 if not w.isascii() else SHORTEST_WORD)), key=len, reverse=True)
