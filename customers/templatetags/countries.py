from django import template

from customers.forms.place import country_name

register = template.Library()
register.simple_tag(country_name, name="country")
