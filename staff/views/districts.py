from django.shortcuts import render
from django.views.decorators.http import require_safe

from staff import places
from staff.access import signed_in


@require_safe
@signed_in
def districts(request):
    """The options of the next choice: cities of a province, or, when a city is named, its districts.

    A form's city select loads its districts on its own "change" and on "cities-loaded", which its province select
    gets when the cities have arrived; a province with one city has it chosen.
    """
    province, city = request.GET.get("province", ""), request.GET.get("city")
    if city is not None:
        return render(request, "staff/options.html", {"options": places.districts(province, city)})
    cities = places.cities(province)
    context = {"options": [(name, name) for name in cities], "chosen": cities[0] if len(cities) == 1 else ""}
    response = render(request, "staff/options.html", context)
    response["HX-Trigger-After-Swap"] = "cities-loaded"
    return response
