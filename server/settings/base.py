"""Django's settings, for every role."""

from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF, UNSAFE_INLINE

from server.settings.environment import environment

ENV = environment()
BASE_DIR = Path(__file__).resolve().parents[2]
PRODUCTION = ENV.coach_env == "production"

SECRET_KEY = ENV.secret_key()
DEBUG = False
ALLOWED_HOSTS = [host.strip() for host in ENV.coach_allowed_hosts.split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [origin.strip() for origin in ENV.coach_trusted_origins.split(",") if origin.strip()]

ROOT_URLCONF = "server.urls"
ASGI_APPLICATION = "server.asgi.application"
AUTH_USER_MODEL = "users.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "ninja",
    "server.apps.users",
    "server.apps.coach_states",
    "server.apps.identities",
    "server.apps.chat_messages",
    "server.apps.user_notes",
    "server.apps.actions",
    "server.apps.events",
    "server.apps.test_scenarios",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "server.api.built_files.BuiltFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it answers in the place of a sign-in that is locked out
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "server" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Milliseconds. The first two lie under the time limit of an attempt, so that the database gives up before the worker
# must. A session that a stopped process left open inside a transaction is ended by the server: it would hold the user's
# lane. A process that is not stopped has ended its attempt, or itself, by then: the grace is how much longer than the
# time limit an attempt may take that cannot be interrupted.
ACTION_TIME_LIMIT_S = ENV.coach_action_time_limit_s
ACTION_HARD_LIMIT_GRACE_S = 2.0
_LIMIT_MS = int(ACTION_TIME_LIMIT_S * 1000)
_HARD_LIMIT_MS = _LIMIT_MS + int(ACTION_HARD_LIMIT_GRACE_S * 1000)

# Plans are generic and kept. One that was made while a table was empty would read all of it, for each row wanted
# or pointed to, until autovacuum has counted what it has since become: a minute, at the least. So a table is read whole
# only where there is no index to go by; what that is made to cost would call for compiling, so nothing is compiled.
SESSION_OPTIONS = (
    "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off "
    f"-c statement_timeout={_LIMIT_MS * 2 // 3} -c lock_timeout={_LIMIT_MS // 3} "
    f"-c idle_in_transaction_session_timeout={_HARD_LIMIT_MS}"
)

DATABASES = {"default": dj_database_url.parse(ENV.database_url or "postgresql:///coach")}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "options": SESSION_OPTIONS,
    "application_name": "coach",
    "connect_timeout": 3,
    # A host or a network that goes away says nothing of it, and by the defaults whoever waits for its answer waits for
    # hours. Here the kernel asks after 5 s of silence, three times, 2 s apart, and then ends the connection; as it does
    # where what was sent has not arrived after 10 s (milliseconds).
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "server_side_binding": True,
    "prepare_threshold": 1,
}
if ENV.coach_database_pool:
    # The web tier: a thread per request, so connections are lent by a pool.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # one that the server closed is not lent
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": ENV.coach_database_pool,
        "timeout": 2,
        # Seconds after which the pool gives up its own, ever slower tries: the next request tries at once.
        "reconnect_timeout": 0.5,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = None

REDIS_URL = ENV.redis_url or "redis://127.0.0.1:6379/0"
ACTION_PUBLISHER = "workers.publisher.CeleryPublisher"

# How long a turn waits for what the coach asked for before.
COACH_SETTLE_S = ENV.coach_settle_s

# How long, or how many of a user, rows are kept that nobody waits for any more: 0 is for ever, or any number. The relay
# removes the others every PRUNE_EVERY_MINUTES; 0 is never.
KEEP_EVENTS_DAYS = ENV.coach_keep_events_days
KEEP_EVENTS_PER_USER = ENV.coach_keep_events_per_user
KEEP_IDEMPOTENCY_KEYS_DAYS = ENV.coach_keep_idempotency_keys_days
KEEP_TRACEBACKS_DAYS = ENV.coach_keep_tracebacks_days
KEEP_ACTIONS_DAYS = ENV.coach_keep_actions_days
KEEP_REPLAYS_DAYS = ENV.coach_keep_replays_days
PRUNE_EVERY_MINUTES = ENV.coach_prune_every_minutes

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/admin/login/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses what is locked out, before a password is looked at
    "django.contrib.auth.backends.ModelBackend",
]

# So many failed sign-ins for one email from one address lock it out, for so long from the last one on.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "server.api.lockout.email_of"
AXES_CLIENT_IP_CALLABLE = "server.api.lockout.address_of"
AXES_LOCKOUT_CALLABLE = "server.api.lockout.answer"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "csrfmiddlewaretoken"]
AXES_DISABLE_ACCESS_LOG = True  # a row for every sign-in would be kept for ever
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
CLIENT_DIR = ENV.client_dir
DOCS_DIR = ENV.docs_dir

SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30
SECURE_REFERRER_POLICY = "same-origin"
# For every page: the client's, the admin's and the API's. None has a script of its own inside, none takes anything from
# elsewhere.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # The client's components place things by style attributes and keep their theme in a style element; so do the
        # API's pages. A style runs nothing.
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "axes": {"level": "ERROR"},  # several lines for every sign-in, which name nobody
        "httpx2": {"level": "WARNING"},  # a line for every request to the model's server
    },
}
