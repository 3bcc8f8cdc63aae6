"""The product's settings, with passwords that cost little to hash: one of the product's takes a core for 0.3 s."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from server.settings.base import *  # noqa: F403
from server.settings.base import PASSWORD_HASHERS as OF_THE_PRODUCT


class CheapArgon2(Argon2PasswordHasher):
    """The product's way of hashing, with the least work and memory."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


PASSWORD_HASHERS = [f"{__name__}.{CheapArgon2.__name__}", *OF_THE_PRODUCT[1:]]
