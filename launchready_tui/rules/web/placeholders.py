"""Standard pages that stand where a product should: a host's "nothing here", a server's welcome.

Texts as the services show them; several are also named in EdOverflow/can-i-take-over-xyz
(CC-BY-4.0). A page counts only when it is short: somebody may write about these pages.
"""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.rules.web.html import decode
from launchready_tui.vocabulary.facts import Response

_SHORT = 20_000  # bytes; Apache's own welcome page has 11,000


@dataclass(frozen=True, slots=True)
class _Mark:
    """All that is given must hold: a status, a header ("name: start of value"), a text."""

    who: str
    text: str = ""
    header: str = ""
    status: int = 0


_MARKS = (
    _Mark("Vercel", header="x-vercel-error: deployment_"),
    _Mark("Vercel", text="deployment_not_found", status=404),
    _Mark("Netlify", text="not found - request id:", status=404),
    _Mark("GitHub Pages", text="there isn't a github pages site here", status=404),
    _Mark("Heroku", text="herokucdn.com/error-pages/no-such-app", status=404),
    _Mark("Heroku", text="no such app", status=404),
    _Mark("Heroku", text="welcome to your new app!"),
    _Mark("Railway", header="x-railway-fallback: true", status=404),
    _Mark("Render", header="x-render-routing: no-server", status=404),
    _Mark("Firebase", text="firebase hosting setup complete"),
    _Mark("Firebase", text="<title>site not found</title>", status=404),
    _Mark("Azure", text="your app service is up and running"),
    _Mark("Azure", text="404 web site not found", status=404),
    _Mark("Amazon S3", text="<code>nosuchbucket</code>", status=404),
    _Mark("Google Cloud Storage", text="the specified bucket does not exist.", status=404),
    _Mark("Fastly", text="fastly error: unknown domain"),
    _Mark("Shopify", text="sorry, this shop is currently unavailable"),
    _Mark("Wix", text="this domain isn't connected to a website yet"),
    _Mark("Kinsta", text="no site for domain"),
    _Mark("GoDaddy", text='window.location.href="/lander"'),
    _Mark("Namecheap", text="this domain is registered at namecheap"),
    _Mark("cPanel", text="/cgi-sys/defaultwebpage.cgi"),
    _Mark("Plesk", text="<title>web server's default page</title>"),
    _Mark("nginx", text="<title>welcome to nginx"),
    _Mark("OpenResty", text="<title>welcome to openresty"),
    _Mark("Apache", text="<h1>it works!</h1>"),
    _Mark("Apache", text="default page: it works"),
    _Mark("Caddy", text="<title>caddy works!"),
    _Mark("IIS", text="<title>iis windows server</title>"),
)


def placeholder(response: Response) -> str | None:
    """Whose standard page this is; None when it is none that we know."""
    text = ""
    if len(response.body) <= _SHORT:
        text = decode(response).replace("\u2019", "'").replace("&#39;", "'").lower()
    fields = [f"{key}: {value}".lower() for key, value in response.headers]
    return next((mark.who for mark in _MARKS if _holds(mark, response.status, fields, text)), None)


def _holds(mark: _Mark, status: int, fields: list[str], text: str) -> bool:
    return (
        mark.status in (0, status)
        and mark.text in text
        and (not mark.header or any(field.startswith(mark.header) for field in fields))
    )
