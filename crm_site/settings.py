"""The one settings file. What differs between machines is read from the environment (README, "Production")."""

import warnings
from pathlib import Path

import environ
import pghistory
import pgtrigger
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
DATA_DIR = Path(env("KEKE_DATA", default=str(BASE_DIR / "var"))).resolve()

NO_SECRET = "only-for-commands-that-serve-nobody"  # noqa: S105 - public, so readiness.assert_secret refuses it
SECRET_KEY = env("SECRET_KEY", default=NO_SECRET)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # replaced keys; half of every second factor
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("KEKE_DEMO", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "staff",  # first: its words for the fields of forms are there before any form is declared
    "crm_site",
    "customers",
    "policy",
    "journal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_filters",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "template_partials",
]

MIDDLEWARE = [
    "crm_site.addresses.client_address",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm_site.middleware.health",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "crm_site.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "crm_site.sessions.signed_in_person",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "journal.middleware.request_context",
    "crm_site.waits.forget_after_writing",
    "crm_site.middleware.private_pages",
    "crm_site.pace.records_pace",
    "crm_site.sessions.SecondFactorFirst",
]

ROOT_URLCONF = "crm_site.urls"
WSGI_APPLICATION = "crm_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm_site.context.frame",
            ],
            "builtins": ["staff.templatetags.icons"],
        },
    },
]

# Two doors to one database: people's requests and background work come in as keke_app, which cannot touch history;
# migrations as keke_owner. `migrate` and the tests' set-up use the alias "owner" by themselves.
DATABASES = {"default": env.db("DATABASE_URL", default="postgres://keke_app@localhost/keke")}
DATABASES["owner"] = env.db("DATABASE_OWNER_URL") if env("DATABASE_OWNER_URL", default="") else {**DATABASES["default"]}
for database in DATABASES.values():
    database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=600)
    database["CONN_HEALTH_CHECKS"] = True
    # Automatic prepared plans turned a 0.3 ms search into 365 ms: a generic plan cannot see which letters are rare.
    database["OPTIONS"] = {**database.get("OPTIONS", {}), "prepare_threshold": None}
ONE_DATABASE_ROLE = DATABASES["owner"].get("USER") == DATABASES["default"].get("USER")
if ONE_DATABASE_ROLE and env("DATABASE_URL", default=""):
    warnings.warn(
        "One database role for everything: history is protected by triggers only. Set DATABASE_OWNER_URL to the "
        "owner's address and DATABASE_URL to that of a role without ownership.",
        stacklevel=1,
    )

REDIS_URL = env("REDIS_URL", default="redis://localhost:6379/0")


def database_number(url, number):
    """The same Valkey server, another database number."""
    if url.startswith("unix://"):
        return f"{url.split('?')[0]}?db={number}"
    head, _sep, _number = url.rpartition("/")
    return f"{head if head.count('/') > 1 else url}/{number}"


CACHES = {
    "default": {
        "BACKEND": "crm_site.cache.ForgivingCache",
        "LOCATION": database_number(REDIS_URL, 1),
        "KEY_PREFIX": env("CACHE_PREFIX", default="keke"),
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},  # seconds
    }
}
# Only in the database: a cache that was away while somebody signed out would bring the session back to life.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600  # of visitors; who signs in gets the limits of crm_site/rules.py
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

if REDIS_URL.startswith("unix://"):
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").split("?")[0] + "?virtual_host=0"
else:
    CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True  # it will be delivered again anyway
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 1,
    # A hint that finds no broker is given up at once, not after a hundred attempts: whoever saved a page waits for it.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}

# How news leaves the house (GEN-02). Without EMAIL_URL (smtp+tls://user:password@host:587) nobody is sent e-mail.
SITE_URL = env("SITE_URL", default="http://localhost:8000")  # begins the links in e-mails, chats and one-time links
EMAIL_ENABLED = bool(env("EMAIL_URL", default=""))
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="keke@localhost")
ROBOT_HOSTS = env.list("ROBOT_HOSTS", default=[])  # more origins group robots may have, "https://proxy.example"
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_TOKEN = env("SMS_GATEWAY_TOKEN", default="")

AUTH_USER_MODEL = "staff.Person"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "staff.passwords.LongEnough", "OPTIONS": {"min_length": 8}},
    {"NAME": "staff.passwords.NotCommon"},
    {"NAME": "staff.passwords.NotOfTheCompany"},
]
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LOCALE_PATHS = [DATA_DIR / "locale"]  # compiled from locale/ beside manage.py, which may be read-only
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env(
        "STATICFILES_STORAGE", default="crm_site.static_files.StaticFiles"
    )},
}  # fmt: skip
WHITENOISE_USE_FINDERS = env.bool("WHITENOISE_USE_FINDERS", default=False)
WHITENOISE_AUTOREFRESH = DEBUG or WHITENOISE_USE_FINDERS  # found when asked for, not all at each start
MEDIA_ROOT = DATA_DIR / "media"

# HTTPS is switched on by one word where a certificate stands in front; the embedded start is plain http.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "crm_site.errors.csrf_failure"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # monitors ask in plain, and by address
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)  # its X-Forwarded-Proto and the last X-Forwarded-For count
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # each column of each sheet of an import; a fair's grid

# Change history (SEC-05). Who and why stand in the event row itself, so nothing there ever needs an UPDATE and the
# application's role has none. Statement-level triggers, because bulk work is the rule here.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_APPEND_ONLY = True
PGHISTORY_LEVEL = pgtrigger.Statement

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "journal.middleware.RequestIdFilter"}},
    "formatters": {"line": {"format": "%(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
}
