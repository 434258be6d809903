"""China's districts and the areas sales representatives are responsible for."""

from django.db import connections, models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..history import tracked


def city_title(province, city):
    """The name of a city for people: 北京市, not 北京市市辖区. Municipalities have no real city level."""
    return province if city in ("市辖区", "县") or city.endswith("直辖县级行政区划") else f"{province}{city}"


class District(models.Model):
    """One county-level division: 江苏省 · 南京市 · 鼓楼区. Names are official names; rows are reference data."""

    province = models.CharField(_("province"), max_length=30)
    city = models.CharField(_("city"), max_length=40)
    name = models.CharField(_("district"), max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province", "city", "name"], name="district_once")]
        ordering = ["id"]

    def __str__(self):
        return f"{city_title(self.province, self.city)}{self.name}"


@tracked()
class Area(models.Model):
    """The districts one branch gives to one sales representative (区域)."""

    name = models.CharField(_("name"), max_length=60)
    branch = models.ForeignKey("staff.Branch", models.PROTECT, related_name="areas", verbose_name=_("unit"))
    districts = models.ManyToManyField(
        District, through="AreaDistrict", related_name="areas", verbose_name=_("districts")
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "name"], name="area_name_once_per_branch")]
        ordering = ["branch", "name"]

    def __str__(self):
        return self.name

    @cached_property
    def district_ids(self):
        with connections[self._state.db].cursor() as cursor:  # every list of a representative asks
            cursor.execute("SELECT district_id FROM staff_areadistrict WHERE area_id = %s ORDER BY 1", [self.pk])
            return [pk for (pk,) in cursor.fetchall()]


@tracked()
class AreaDistrict(models.Model):
    """A district belongs to an area. A row of its own so that its coming and going is in the history."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    district = models.ForeignKey(District, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "district"], name="area_district_once")]

    def __str__(self):
        return f"{self.area} · {self.district}"
