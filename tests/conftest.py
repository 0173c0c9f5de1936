"""What all tests share: one fixed run of generated examples."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# The same examples in every run, on any machine: a red test is red again.
settings.register_profile(
    "same-every-time",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("same-every-time")
