"""Every setting of the gateway, from the environment; `.env.example` explains each variable.

A value that is missing or makes no sense raises ImproperlyConfigured with its name and the mend.
In a checkout with running demo servers, the run file stands in for what the environment leaves out.
"""

import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import quote, urlsplit

import django_stubs_ext
import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from chatsaas.servers.runfile import read_urls
from chatsaas.servers.secrets import read_secrets
from chatsaas.theme import OPERATOR_THEME, TENANT_THEME
from chatsaas.waits import REDIS_CONNECTION, REDIS_SECONDS, bounded
from tenants.passwords import role_password

# Lets Django's generic classes name their types at run time too.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")
for _name, _value in {**read_urls(), **read_secrets()}.items():
    os.environ[_name] = os.environ.get(_name) or _value
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured(
        "SECRET_KEY is missing or shorter than 32 characters. Set it to a long random text, "
        "or run `make demo`, which makes one for this checkout."
    )

# Addresses
PUBLIC_URL = env.str("PUBLIC_URL", default="http://localhost:8000").rstrip("/")
BASE_DOMAIN = env.str("BASE_DOMAIN", default="") or urlsplit(PUBLIC_URL).hostname or "localhost"
# Where the operator's own dashboard is; every other host must be a tenant's.
OPERATOR_HOSTS = frozenset({BASE_DOMAIN, urlsplit(PUBLIC_URL).hostname, "127.0.0.1"})
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [
    *(BASE_DOMAIN, f".{BASE_DOMAIN}", "127.0.0.1")
]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
IS_HTTPS = PUBLIC_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if IS_HTTPS else 0
SILENCED_SYSTEM_CHECKS = [
    # Subclasses of the two middlewares stand in for them: pages need them, the public doors do not.
    *("security.W002", "security.W003"),
    # What is below a customer's own domain is not ours to bind; the proxy with TLS redirects.
    *("security.W005", "security.W021", "security.W008"),
]

# Tenancy
SHARED_APPS = [
    # Before the library: both have a command `create_tenant`, and the first one wins.
    "tenants",
    "django_tenants",
    "tenants.staff",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "chatsaas",
]
TENANT_APPS = [
    "tenants.staff",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "allauth.account",
    "tenants.workspace",
    "sessions_app",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]
TENANT_MODEL = "tenants.Tenant"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_DB_ALIAS = "owner"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
AUTH_USER_MODEL = "staff.Staff"

# Databases: `owner` migrates and provisions; `default` is what everything else runs as.
DATABASE_URL = env.str("DATABASE_URL", default="")
if not DATABASE_URL:
    raise ImproperlyConfigured(
        "DATABASE_URL is not set and no local servers are running. Set it to "
        "postgres://owner:password@host:5432/name, or run `make demo`."
    )
_owner = env.db_url("DATABASE_URL")
DATABASE_ROLE_PREFIX = env.str("DATABASE_ROLE_PREFIX", default="") or _owner["NAME"]
APP_ROLE = f"{DATABASE_ROLE_PREFIX}_app"
RUNNER_ROLE = f"{DATABASE_ROLE_PREFIX}_runner"
# Building a tenant's schema keeps its row locked meanwhile, which takes seconds at most.
OWNER_IDLE_MS = 60_000
DATABASES = {
    "default": {
        **_owner,
        "ENGINE": "tenants.database",
        "USER": APP_ROLE,
        "PASSWORD": role_password(SECRET_KEY, APP_ROLE),
        "OPTIONS": {
            **bounded(
                _owner.get("OPTIONS", {}),
                statement_timeout=env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=30_000),
                lock_timeout=env.int("DATABASE_LOCK_TIMEOUT_MS", default=8_000),
                # Shorter than a lease: who freezes with a row locked does not keep it locked.
                idle_in_transaction_session_timeout=env.int(
                    "DATABASE_IDLE_TRANSACTION_TIMEOUT_MS", default=4_000
                ),
            ),
            "pool": {
                "min_size": 1,
                "max_size": env.int("DATABASE_POOL_SIZE", default=8),
                "timeout": 10,
            },
        },
    },
    "owner": {
        **_owner,
        "ENGINE": "django_tenants.postgresql_backend",
        "OPTIONS": bounded(
            _owner.get("OPTIONS", {}), idle_in_transaction_session_timeout=OWNER_IDLE_MS
        ),
    },
}


def _runner_database_url() -> str:
    """The owner's URL with the runner's login, which may touch schema `ai` alone."""
    parts = urlsplit(DATABASE_URL)
    login = f"{quote(RUNNER_ROLE)}:{role_password(SECRET_KEY, RUNNER_ROLE)}"
    host = f"{parts.hostname}:{parts.port or 5432}"
    return f"postgresql://{login}@{host}{parts.path}" + (f"?{parts.query}" if parts.query else "")


RUNNER_DATABASE_URL = env.str("RUNNER_DATABASE_URL", default="") or _runner_database_url()

# Redis: a nudge between processes, never the truth
REDIS_URL = env.str("REDIS_URL", default="")
if not REDIS_URL:
    raise ImproperlyConfigured(
        "REDIS_URL is not set and no local servers are running. Set it to "
        "redis://host:6379/0, or run `make demo`."
    )
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py 8 would close an idle subscription after five seconds without this.
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_timeout": None, **REDIS_CONNECTION}],
            "prefix": "chat",
        },
    }
}

# The runner
RUNNER_URL = env.str("RUNNER_URL", default="http://127.0.0.1:8200").rstrip("/")
RUNNER_TOKEN = env.str("RUNNER_TOKEN", default="")
TURN_DEADLINE_SECONDS = env.int("TURN_DEADLINE_SECONDS", default=20)
# What has not ended by then is swept: a lease lasts no longer.
DRAIN_SECONDS = env.int("DRAIN_SECONDS", default=5)

# Addresses that customers type (webhooks, models) are contacted only if they are public.
OUTBOUND_ALLOWED_HOSTS = frozenset(env.list("OUTBOUND_ALLOWED_HOSTS", default=[]))

# What is encrypted in the database: the first key writes, all of them read.
SEALING_KEYS = env.list("SEALING_KEYS", default=[]) or [SECRET_KEY]

# Visitors' tokens
VISITOR_TOKEN_KEY = env.str("VISITOR_TOKEN_KEY", default="") or role_password(
    SECRET_KEY, "visitor tokens"
)
VISITOR_TOKEN_SECONDS = env.int("VISITOR_TOKEN_SECONDS", default=900)
if not 30 <= VISITOR_TOKEN_SECONDS <= 900:
    raise ImproperlyConfigured("VISITOR_TOKEN_SECONDS must be from 30 to 900 (15 minutes).")

# Limits
# Multiplies every limit; 0 switches them off, for load tests.
LIMITS_FACTOR = env.float("LIMITS_FACTOR", default=1.0)
# How long a limit waits for Redis before this process counts for itself.
LIMITS_REDIS_MS = env.int("LIMITS_REDIS_MS", default=250)
if LIMITS_FACTOR < 0 or LIMITS_REDIS_MS < 1:
    raise ImproperlyConfigured("LIMITS_FACTOR must be 0 or more, LIMITS_REDIS_MS 1 or more.")
try:
    TRUSTED_PROXIES = [ip_network(text) for text in env.list("TRUSTED_PROXIES", default=[])]
except ValueError as error:
    raise ImproperlyConfigured(
        f"TRUSTED_PROXIES must be addresses or networks, as 10.0.0.0/8,10.1.2.3: {error}."
    ) from error

# Celery
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="") or REDIS_URL
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
if CELERY_BROKER_URL.startswith(("redis:", "rediss:")):
    # Longer than the worker's own wait for a message, which is a second.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 10.0, **REDIS_CONNECTION}

# A worker serves both queues. Where customers' slow endpoints must not hold up sessions, one worker
# has `--queues celery` and another `--queues webhooks`.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("webhooks")]
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_ROUTES = {"sessions.relay": {"queue": "webhooks"}}
CELERY_BEAT_SCHEDULE = {
    # A sweep that waited longer than the next one's start is not needed any more.
    "sweep": {"task": "sessions.sweep", "schedule": 1.0, "options": {"expires": 2}},
    "relay": {"task": "sessions.relay", "schedule": 1.0, "options": {"expires": 2}},
    # At a time of the clock: an interval would begin anew with every restart.
    "retain": {"task": "sessions.retain", "schedule": crontab(minute="7")},
    "provision": {"task": "tenants.tasks.provision_waiting", "schedule": 30.0},
    "heartbeat": {"task": "chatsaas.heartbeat", "schedule": 5.0, "options": {"expires": 5}},
}

# The public HTTP interface
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "sessions_app.api.problems.handle_exception",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "chatsaas",
    "VERSION": "1",
    "DESCRIPTION": "Intake chats: visitors' tokens, messages, events, and the collected documents.",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_URLCONF": "chatsaas.urls",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "PREPROCESSING_HOOKS": ["sessions_app.api.description.only_public"],
    "POSTPROCESSING_HOOKS": ["sessions_app.api.description.with_visitor_doors"],
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "visitor": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            "secretKey": {"type": "http", "scheme": "bearer"},
        }
    },
}
SIMPLE_JWT = {"TOKEN_TYPE_CLAIM": "typ", "JTI_CLAIM": "jti"}

# Logs: see ai_bridge.logs, which reads LOG_FORMAT, LOG_LEVEL and DEBUG for every process
LOGGING_CONFIG = "ai_bridge.logs.configure_logs"
LOGGING = {"version": 1}

# Metrics
# Who may read them from elsewhere; empty: nobody, only processes of the same machine.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Where the worker answers for itself and its children; 0: nowhere.
WORKER_METRICS_PORT = env.int("WORKER_METRICS_PORT", default=0)
WORKER_METRICS_HOST = env.str("WORKER_METRICS_HOST", default="127.0.0.1")
# Read by the library itself: where processes that are scraped as one leave their counts.
PROMETHEUS_MULTIPROC_DIR = env.str("PROMETHEUS_MULTIPROC_DIR", default="")
if not PROMETHEUS_MULTIPROC_DIR:
    # The library reads it itself, and would take an empty one for the working folder.
    os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)

# Doors
ROOT_URLCONF = "chatsaas.urls"
ASGI_APPLICATION = "chatsaas.asgi.application"
MIDDLEWARE = [
    "chatsaas.middleware.request_id.RequestId",
    "chatsaas.middleware.plain_addresses.PlainAddresses",
    "chatsaas.middleware.pages.OtherOrigins",
    "django.middleware.security.SecurityMiddleware",
    "chatsaas.middleware.static_files.StaticFiles",
    "chatsaas.middleware.dashboard.DashboardTenant",
    "chatsaas.middleware.pages_only.Sessions",
    "chatsaas.middleware.pages_only.Addresses",
    "chatsaas.middleware.pages_only.Csrf",
    "chatsaas.middleware.pages_only.SignedIn",
    "chatsaas.middleware.pages_only.Messages",
    "chatsaas.middleware.pages_only.Frames",
    "chatsaas.middleware.pages_only.Policy",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
# Signing in: by e-mail and password, for people whom an owner has added
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["tenants.staff.hashing.BoundedArgon2"]
# In one process: each takes 100 MiB.
PASSWORD_HASHES_AT_ONCE = env.int("PASSWORD_HASHES_AT_ONCE", default=2)
if PASSWORD_HASHES_AT_ONCE < 1:
    raise ImproperlyConfigured("PASSWORD_HASHES_AT_ONCE must be 1 or more.")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "tenants.staff.accounts.StaffAccounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=f"chatsaas <no-reply@{BASE_DOMAIN}>")

# One Redis for all tenants: the key function keeps their entries apart.
CACHES = {
    "default": {
        "BACKEND": "chatsaas.cache.SteadyCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "OPTIONS": {"socket_timeout": REDIS_SECONDS, **REDIS_CONNECTION},
    }
}

# What a dashboard page may load: this host alone. Its menus (Alpine) evaluate their attributes.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/api/", "/w/"),
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'unsafe-eval'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}
UNFOLD = TENANT_THEME
UNFOLD_OPERATOR = OPERATOR_THEME
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Nothing takes a file; the other handler would write what comes all the same to the disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Time and language
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "chatsaas.formats"

# Static files, served by the gateway itself
STATIC_URL = "/static/"
STATICFILES_DIRS = [
    ("dashboard", BASE_DIR / "static" / "dashboard" / "dist"),
    ("dashboard", BASE_DIR / "static" / "dashboard" / "assets"),
]
WHITENOISE_USE_FINDERS = True
