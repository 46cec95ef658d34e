"""Who is asked by a check, in the words of the list that people see before a first audit."""

from __future__ import annotations

from enum import StrEnum


class Whom(StrEnum):
    """Those whom our own checks ask, in the order of that list: your own hosts come first.

    A check of another package names one of these, or says in a few words of its own whom it asks.
    """

    HOSTS = "Your own hosts"
    CODE = "Nobody: we read your code on this computer"
    COMPANIES = "Companies whose scripts your front pages load"
    CLOUDFLARE = "Cloudflare, if you gave a token that can only read"
    NAME_SERVERS = "Name servers (DNS), public ones and yours"
    INBOXES = "Your test inboxes, and the messages in them"
    REGISTRY = "The registry of your domain"
