"""(b)'s Django settings: this project's, with the database connection on Django's own defaults."""

import dj_database_url

from server.settings.base import *  # noqa: F403 - this is how settings are extended
from server.settings.base import ENV

DATABASES = {"default": dj_database_url.parse(ENV.database_url)}
