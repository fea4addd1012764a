"""Django for production, with nothing that these two addresses do not need."""

import os

DEBUG = False
SECRET_KEY = "nothing is signed"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benchmarks.contenders.django_rest.views"
WSGI_APPLICATION = None
INSTALLED_APPS = ["benchmarks.contenders.django_rest", "rest_framework"]
MIDDLEWARE: list[str] = []
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["BENCH_SQLITE_FILE"],
        "CONN_MAX_AGE": None,
        # The cache that this program gives its own connections.
        "OPTIONS": {"init_command": "PRAGMA cache_size = -65536"},
    }
}
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # `format` is a filter here
}
