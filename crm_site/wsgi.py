import os

from django.core.wsgi import get_wsgi_application

from .readiness import assert_secret

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm_site.settings")
application = get_wsgi_application()
assert_secret()
