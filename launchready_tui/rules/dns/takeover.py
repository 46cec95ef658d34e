"""Aliases that lead to nothing, at services where a stranger could claim the name.

Facts (service, status, fingerprint, and most endings) from the public list "Can I take over XYZ?"
by EdOverflow and contributors, github.com/EdOverflow/can-i-take-over-xyz, file fingerprints.json
at 5bd4e128, licensed CC-BY-4.0 (creativecommons.org/licenses/by/4.0). Changed by us: only entries
whose services sites are served from, shortened texts, endings from the services' own pages where
the list has none (marked "own"). Left out: entries without a fingerprint, or whose fingerprint any
error page may hold (Cargo Collective, LaunchRock, Helprace, Smugmug). Netlify and Vercel are
"Edge case" there; both ask for proof of ownership, so they are no alarm here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from launchready_tui.rules.web.html import decode
from launchready_tui.vocabulary.facts import Response

_SHORT = 100_000  # bytes: a "nothing here" page is short, an article about them may not be


@dataclass(frozen=True, slots=True)
class Service:
    """One service: endings of its names (`*` for any letters), and what it says of a name that
    nobody holds there: `text` on its page (lower case; all parts of it), or NXDOMAIN.

    `vulnerable` as the list has it; "Edge case" entries are False. With `status`, the page's
    status must be this one too, because the text alone says little.
    """

    name: str
    endings: tuple[str, ...]
    text: tuple[str, ...] = ()
    nxdomain: bool = False
    vulnerable: bool = True
    status: int = 0


_AZURE = (
    "azure-api.net",
    "azurecontainer.io",
    "azurecr.io",
    "azuredatalakestore.net",
    "azureedge.net",
    "azurehdinsight.net",
    "azurewebsites.net",
    "blob.core.windows.net",
    "cloudapp.azure.com",
    "cloudapp.net",
    "database.windows.net",
    "redis.cache.windows.net",
    "search.windows.net",
    "servicebus.windows.net",
    "visualstudio.com",
)

SERVICES = (
    Service("AWS Elastic Beanstalk", ("elasticbeanstalk.com",), nxdomain=True),
    Service(
        "Amazon S3",
        # The list has s3.amazonaws.com; the other spellings are Amazon's own endpoint names.
        (
            "s3.amazonaws.com",
            "s3.*.amazonaws.com",
            "s3-*.amazonaws.com",
            "s3-website.*.amazonaws.com",
        ),
        ("the specified bucket does not exist",),
    ),
    Service("Agile CRM", ("agilecrm.com",), ("sorry, this page is no longer available.",)),
    Service("Airee.ru", ("airee.ru",), ("ошибка 402. сервис айри.рф не оплачен",)),
    Service("Anima", ("animaapp.io",), ("the page you were looking for does not exist.",)),
    Service("Bitbucket", ("bitbucket.io",), ("repository not found",)),
    Service("Campaign Monitor", ("createsend.com",), ("trying to access your account?",)),  # own
    Service("Canny", ("cname.canny.io",), ("there is no such company.",)),  # own
    Service("Discourse", ("trydiscourse.com",), nxdomain=True),
    Service("Gemfury", ("furyns.com",), ("404: this page could not be found.",)),
    Service("GetResponse", ("gr8.com",), ("with getresponse landing pages",)),  # own
    Service("Ghost", ("ghost.io",), ("failed to resolve dns path for this host",)),
    Service("Hatena Blog", ("hatenablog.com",), ("404 blog is not found",)),
    Service("Helpjuice", ("helpjuice.com",), ("we could not find what you're looking for.",)),
    Service("Help Scout", ("helpscoutdocs.com",), ("no settings were found for this company:",)),
    Service("JetBrains YouTrack", ("youtrack.cloud",), ("is not a registered incloud youtrack",)),
    Service("Microsoft Azure", _AZURE, nxdomain=True),
    Service("ngrok", ("ngrok.io",), ("tunnel ", ".ngrok.io not found")),
    Service("Pantheon", ("pantheonsite.io",), ("404 error unknown site!",)),  # own
    Service("Pingdom", ("stats.pingdom.com",), ("sorry, couldn't find the status page",)),  # own
    Service(
        "ReadMe",
        ("readme.io",),
        ("the creators of this project are still working on making everything perfect!",),
    ),
    Service(
        "Read the Docs",
        ("readthedocs.io",),  # own
        ("the link you have followed or the url that you entered does not exist.",),
    ),
    Service("Short.io", ("cname.short.io",), ("link does not exist",)),  # own
    Service(
        "SmartJobBoard",
        ("smartjobboard.com", "mysmartjobboard.com"),  # own
        ("this job board website is either expired or its domain name is invalid.",),
    ),
    Service("Strikingly", ("s.strikinglydns.com",), ("page not found.",), status=404),
    Service("Surge", ("na-west1.surge.sh", "surge.sh"), ("project not found",)),
    Service("SurveySparrow", ("surveysparrow.com",), ("account not found.",)),
    Service(
        "Uberflip", ("read.uberflip.com",), ("the url you've accessed does not provide a hub.",)
    ),
    Service("UptimeRobot", ("stats.uptimerobot.com",), ("page not found",), status=404),
    Service("WordPress.com", ("wordpress.com",), ("do you want to register", ".wordpress.com?")),
    Service(
        "Worksites", ("worksites.net",), ("but the website you're looking for doesn't exist.",)
    ),
    # "Edge case" in the list: claimable under conditions, or no more. Endings from the services.
    Service(
        "GitHub Pages", ("github.io",), ("there isn't a github pages site here.",), vulnerable=False
    ),
    Service("Heroku", ("herokuapp.com", "herokudns.com"), ("no such app",), vulnerable=False),
    Service("Intercom", ("custom.intercom.help",), ("that page doesn't exist.",), vulnerable=False),
    Service(
        "Shopify", ("myshopify.com",), ("this shop is currently unavailable",), vulnerable=False
    ),
    Service("Tilda", ("tilda.ws",), ("please renew your subscription",), vulnerable=False),
    Service(
        "Tumblr",
        ("domains.tumblr.com",),
        ("whatever you were looking for doesn't currently exist at this address",),
        vulnerable=False,
    ),
    Service(
        "Webflow",
        ("proxy.webflow.com", "proxy-ssl.webflow.com", "cdn.webflow.com"),
        ("the page you are looking for doesn't exist or has been moved.",),
        vulnerable=False,
    ),
    Service(
        "Wix",
        ("wixdns.net",),
        ("this domain isn't connected to a website yet",),
        vulnerable=False,
    ),
)


def service_of(chain: tuple[str, ...]) -> Service | None:
    """The known service that an alias leads to; the last name of the chain decides first."""
    for name in reversed(chain):
        for service in SERVICES:
            if any(fnmatchcase(f".{name}", f"*.{ending}") for ending in service.endings):
                return service
    return None


def holds_nothing(service: Service, page: Response) -> bool:
    """Whether this page is the service's own "nothing here"."""
    if not service.text or service.status not in (0, page.status) or len(page.body) > _SHORT:
        return False
    text = decode(page).casefold()
    for entity, letter in (("\u2019", "'"), ("&#39;", "'"), ("&#x27;", "'"), ("&rsquo;", "'")):
        text = text.replace(entity, letter)
    return all(part in text for part in service.text)
