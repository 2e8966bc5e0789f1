"""What holds for every test."""

from hypothesis import settings

# How long an example takes depends on the machine, and no test is about that.
settings.register_profile("callgate", deadline=None)
settings.load_profile("callgate")
