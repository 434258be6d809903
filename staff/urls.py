from django.urls import path

from .views import absences, accounts, areas, departments, device_checks, districts, people, positions, units

app_name = "staff"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/new/", people.person_new, name="person_new"),
    path("people/devices/", device_checks.device_checks, name="device_checks"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/disable/", accounts.disable, name="person_disable"),
    path("people/<int:pk>/enable/", accounts.enable, name="person_enable"),
    path("people/<int:pk>/new-link/", accounts.new_link, name="person_new_link"),
    path("people/<int:pk>/link/", accounts.link, name="person_link"),
    path("people/<int:pk>/positions/new/", positions.position_new, name="position_new"),
    path("people/positions/<int:pk>/end/", positions.position_end, name="position_end"),
    path("devices/", device_checks.device_check, name="device_check"),
    path("absences/", absences.absences, name="absences"),
    path("absences/new/", absences.absence_new, name="absence_new"),
    path("absences/<int:pk>/", absences.absence_edit, name="absence_edit"),
    path("absences/<int:pk>/end/", absences.absence_end, name="absence_end"),
    path("units/", units.branches, name="branches"),
    path("units/new/", units.branch_new, name="branch_new"),
    path("units/<int:pk>/", units.branch, name="branch"),
    path("units/<int:pk>/edit/", units.branch_edit, name="branch_edit"),
    path("units/<int:pk>/areas/new/", areas.area_new, name="area_new"),
    path("units/areas/<int:pk>/", areas.area_edit, name="area_edit"),
    path("units/departments/", departments.departments, name="departments"),
    path("units/departments/new/", departments.department_new, name="department_new"),
    path("units/departments/<int:pk>/", departments.department_edit, name="department_edit"),
    path("districts/", districts.districts, name="districts"),
]
