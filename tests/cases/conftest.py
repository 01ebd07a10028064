"""Cases go through pages, services and jobs as people would: with the browsers and the clock of the page tests."""

from tests.web.conftest import client, client_for, the_time

__all__ = ["client", "client_for", "the_time"]
